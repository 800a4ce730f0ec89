"""The bundled day: a recorded listing and sample answers, and the local server that replays them."""
