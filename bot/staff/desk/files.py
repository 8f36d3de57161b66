"""Which files are passed on between customers and staff: by their size and type."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.conversations.attachments import name_of
from bot.messages import Attachment, Message
from bot.ports import OutgoingPost
from bot.storage.outbox import enqueue

LIMIT = 10 * 1024 * 1024
"""Bytes of a file at most."""

_FAMILIES = ("image/", "audio/", "video/")
_TYPES = frozenset(
    {
        "application/pdf",
        "application/json",
        "application/msword",
        "application/rtf",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
        "text/calendar",
        "text/csv",
        "text/markdown",
        "text/plain",
    }
)
_NEVER = frozenset({"image/svg+xml"})
"""Types of an allowed family that can carry a program."""

_PROGRAMS = (".apk", ".bat", ".cmd", ".com", ".exe", ".hta", ".htm", ".html", ".jar", ".js")
_NAMES_NEVER = (*_PROGRAMS, ".lnk", ".msi", ".ps1", ".scr", ".sh", ".svg", ".vbs")
"""Endings of names that a program or a page has, whatever its type is said to be."""


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Files that came with a line.

    Attributes:
        passed: Those that are passed on.
        refused: Name and reason of each other.
    """

    passed: tuple[Attachment, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def refused_names(self) -> str:
        """The names of what is not passed on, joined by commas."""
        return ", ".join(name for name, _ in self.refused)


_NO_FILES = ("poll", "sticker")
"""Media types of what is no file: named, and never fetched."""


def with_refused(text: str, files: CheckedFiles) -> str:
    r"""Return a text for staff with a line for each file that is not passed on.

    >>> with_refused("look", CheckedFiles(refused=(("a.exe", "larger than 10 MB"),)))
    'look\n⚠ not passed on: a.exe, larger than 10 MB'
    """
    lines = [f"\N{WARNING SIGN} not passed on: {name}, {reason}" for name, reason in files.refused]
    return "\n".join([*([text] if text else []), *lines])


def tell_customer(
    connection: Connection, message: Message, files: CheckedFiles, unfetched: str, *, at: datetime
) -> None:
    """Tell a customer that staff do not get some files of their message."""
    said = unfetched.replace("{files}", files.refused_names)
    if files.refused and said:
        cause = f"{message.id}:files"
        post = OutgoingPost(
            message.conversation, said, cause, message.author.key, readers=message.readers
        )
        enqueue(connection, [post], now=at)


def checked(attachments: Sequence[Attachment]) -> CheckedFiles:
    """Return which of some files are passed on, by what the platform tells of them.

    >>> checked([Attachment("a.pdf", "application/pdf", 20_000_000, "f1")]).refused
    (('a.pdf', 'larger than 10 MB'),)
    """
    files = [each for each in attachments if each.media_type not in _NO_FILES]
    reasons = [(each, why_not(each)) for each in files]
    return CheckedFiles(
        tuple(each for each, reason in reasons if not reason),
        tuple((name_of(each), reason) for each, reason in reasons if reason),
    )


def why_not(attachment: Attachment) -> str:
    """Return why a file is not passed on; empty: it is.

    >>> why_not(Attachment("setup.exe", "application/octet-stream", 5, "f1"))
    'of a type that is not passed on'
    >>> why_not(Attachment("tent.jpg", "image/jpeg", 5, "f1"))
    ''
    """
    if not attachment.source:
        return "its content cannot be fetched"
    name = attachment.name.lower().strip()
    kind = attachment.media_type.partition(";")[0].strip().lower()
    unnamed = "/" not in kind or kind == "application/octet-stream"
    kind = kind if not unnamed else mimetypes.guess_type(name)[0] or ""
    allowed = kind in _TYPES or (kind.startswith(_FAMILIES) and kind not in _NEVER)
    if not allowed or name.endswith(_NAMES_NEVER):
        return "of a type that is not passed on"
    return "larger than 10 MB" if attachment.size > LIMIT else ""
