"""How good the checks, a second reader, or a writer are: measured on labelled answers, or on the same few papers."""
