"""What the field brings: help centres' articles and honest words, measured as customers see them."""
