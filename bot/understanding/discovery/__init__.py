"""Discovery of what customers ask and nobody taught: groups of messages, and what would help."""
