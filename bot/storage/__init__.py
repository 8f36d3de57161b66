"""The one database: its tables, migrations and engine."""

from bot.storage.buttons import StoredChoices
from bot.storage.engine import Database, open_database
from bot.storage.history import StoredPast
from bot.storage.transcripts import StoredTranscripts

__all__ = ["Database", "StoredChoices", "StoredPast", "StoredTranscripts", "open_database"]
