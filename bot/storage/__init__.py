"""The database: engine, tables, migrations, and the stored data of all features."""

from bot.storage.buttons import StoredButtons
from bot.storage.engine import Database, open_database
from bot.storage.history import StoredHistory
from bot.storage.transcripts import StoredTranscripts

__all__ = ["Database", "StoredButtons", "StoredHistory", "StoredTranscripts", "open_database"]
