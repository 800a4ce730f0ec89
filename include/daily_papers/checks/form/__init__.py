"""How a summary is written: habits of language models, and texts that would fit any paper."""
