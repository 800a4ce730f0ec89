"""Digests of the earlier script."""
