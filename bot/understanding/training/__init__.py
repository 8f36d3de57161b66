"""Trains the model from intent files."""
