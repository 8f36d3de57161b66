"""Recognisers of personal data: each module finds one or several kinds in a text."""
