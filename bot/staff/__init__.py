"""The people behind the bot: who they are, what they stop, what they must know."""
