"""From a paper's document to the text a model is given: passages, read from HTML or PDF, cut to a budget of tokens."""
