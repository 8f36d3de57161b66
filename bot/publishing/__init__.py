"""Trains and publishes model versions, and reloads them while the bot is running."""
