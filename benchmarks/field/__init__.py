"""Measures what comes from help centres and authors, as customers would see it."""
