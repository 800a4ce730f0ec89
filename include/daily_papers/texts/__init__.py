"""Step 2: the text of a paper, from arXiv's HTML, its PDF, or its abstract."""
