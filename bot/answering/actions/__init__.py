"""Runs the actions of `actions.yaml`: requests to the shop, and functions in Python."""
