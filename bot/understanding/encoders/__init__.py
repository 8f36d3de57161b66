"""Sentence encoders: loading, caching, running them."""
