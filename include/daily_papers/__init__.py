"""Daily Papers: from a date's Hugging Face listing to an audited Korean library of its papers."""

__version__ = "0.1.0"
