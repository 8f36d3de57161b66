"""Calls staff outside the platforms when nobody claims a case: a signed webhook, and mail."""

from bot.staff.notify.mail import MailServer, read_mail_server
from bot.staff.notify.notice import Notice, Notifies, Undelivered
from bot.staff.notify.notices import Notices
from bot.staff.notify.ways import open_ways
from bot.staff.notify.webhook import Webhook, signature

__all__ = [
    "MailServer",
    "Notice",
    "Notices",
    "Notifies",
    "Undelivered",
    "Webhook",
    "open_ways",
    "read_mail_server",
    "signature",
]
