"""Step 1: Hugging Face's listing of a date, every look at it, and what the looks together say."""
