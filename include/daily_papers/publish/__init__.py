"""Step 6: what readers read: digest, round-up, page."""
