"""Sentence encoders: find, export, cache, load and run them."""
