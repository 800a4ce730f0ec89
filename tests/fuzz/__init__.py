"""Fuzz tests: what outside sources could send, through the real steps of a day."""
