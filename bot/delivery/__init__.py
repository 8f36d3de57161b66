"""Messages accepted once and answered in order."""

from bot.delivery.intake import Reception
from bot.delivery.opening import open_inbox
from bot.delivery.sqlite_inbox import SqliteInbox
from bot.delivery.worker import Worker

__all__ = ["Reception", "SqliteInbox", "Worker", "open_inbox"]
