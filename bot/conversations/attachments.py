"""Files and the like as lines of a transcript: `[picture: tent.jpg]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.messages import Attachment
from bot.text.control_characters import without_controls
from bot.text.shorten import shortened

_KINDS: Final = {
    "image": "picture",
    "video": "video",
    "audio": "recording",
    "poll": "poll",
    "sticker": "sticker",
}
"""What a customer sent, by the first part of its media type; anything else is a file."""

_FILE: Final = "file"
_LONGEST_NAME: Final = 100
_BRACKETS: Final = str.maketrans("[]", "()")


def name_of(attachment: Attachment) -> str:
    """Return the name of what was sent, on one line; what kind of thing it is where it has none.

    >>> name_of(Attachment("tent.jpg", "image/jpeg")), name_of(Attachment("", "audio/ogg"))
    ('tent.jpg', 'recording')
    """
    plain = " ".join(without_controls(attachment.name).translate(_BRACKETS).split())
    return shortened(plain, _LONGEST_NAME, "…") or _kind(attachment)


def with_attachments(text: str, attachments: Sequence[Attachment]) -> str:
    r"""Return a text with a line for each thing that came with it.

    >>> with_attachments("is it torn?", [Attachment("tent.jpg", "image/jpeg")])
    'is it torn?\n[picture: tent.jpg]'
    """
    lines = [f"[{_kind(each)}: {name_of(each)}]" for each in attachments]
    return "\n".join([*([text] if text else []), *lines])


def without_attachments(text: str) -> str:
    r"""Return a text of a transcript as it was written.

    >>> without_attachments("is it torn?\n[picture: tent.jpg]")
    'is it torn?'
    """
    return "\n".join(line for line in text.split("\n") if not _is_attachment(line))


def attachments_in(text: str) -> list[str]:
    r"""Return the lines of a transcript's text that name what was sent.

    >>> attachments_in("is it torn?\n[picture: tent.jpg]")
    ['[picture: tent.jpg]']
    """
    return [line for line in text.split("\n") if _is_attachment(line)]


def _kind(attachment: Attachment) -> str:
    return _KINDS.get(attachment.media_type.partition("/")[0], _FILE)


def _is_attachment(line: str) -> bool:
    kind, colon, name = line[1:-1].partition(": ")
    known = kind == _FILE or kind in _KINDS.values()
    return line.startswith("[") and line.endswith("]") and bool(colon and name) and known
