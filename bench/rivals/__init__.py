"""Our own honest versions of how such a pipeline is usually built, to measure ours beside them."""
