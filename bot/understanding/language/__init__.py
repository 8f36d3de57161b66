"""Languages: detection, tags, normalised text."""
