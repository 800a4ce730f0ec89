"""Step 5: the DuckDB file, made from the lake."""
