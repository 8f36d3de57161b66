"""The history of the schema; `bot.storage.migrate` runs it."""
