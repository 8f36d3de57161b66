"""The admins' articles: read, cut into passages, indexed, and searched."""
