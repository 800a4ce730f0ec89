"""Step 4: the rows of a date compared with the rules, and what became of the date."""
