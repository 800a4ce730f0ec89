"""Step 4: the rows of a date held against the rules, and what became of the date."""
