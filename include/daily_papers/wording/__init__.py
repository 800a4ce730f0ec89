"""Everything readers see beside the summaries, a file per language."""
