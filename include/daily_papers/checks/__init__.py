"""The rules of the audit, for a row and for a day, and what they compare with the source."""
