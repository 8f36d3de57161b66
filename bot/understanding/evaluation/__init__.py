"""Measures a classifier and compares models."""
