"""What the bot knows, and how that is kept up to date while it serves."""
