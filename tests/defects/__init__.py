"""A corpus of realistic defects of Korean paper summaries, and of rows that look nearly like them and are right.

All rows are made from the bundled sample answers and their abstracts, or from recorded listings. `corpus` has them all.
"""
