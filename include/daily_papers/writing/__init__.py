"""How text, tables, HTML and charts are written; nothing of papers."""
