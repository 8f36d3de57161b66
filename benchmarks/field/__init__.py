"""Measures intents, articles and YAML from the field, as customers would see the result."""
