"""What changes published dates later: refresh, another model, people's decisions, rebuilds."""
