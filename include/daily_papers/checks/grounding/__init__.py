"""Is a summary true to its source, as far as a program can tell?

Numbers and names of the summary occur in the source, quotes are literal, the text is in its language and says
something. Everything here is plain functions over text; `checks` makes them rules.
"""
