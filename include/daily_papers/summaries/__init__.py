"""Step 3: what the model is asked, what it answered, what that cost, and what people decided."""
