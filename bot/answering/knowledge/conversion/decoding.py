"""Decoding of text files: an unknown encoding is an error, never a guess."""

from __future__ import annotations

import codecs

from bot.answering.knowledge.conversion.result import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ("cp1252", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "cp1253")
"""What editors and exports still write; rarer ones are mostly false alarms."""

_TELLING = 4
"""Bytes beyond ASCII below which any guess is as good as another."""

_LOOKED_AT = 50_000
"""Bytes that are enough to tell encodings apart."""


def decode(data: bytes, declared: str = "") -> str:
    r"""Return a file's text with plain line ends.

    >>> decode("\ufeffdays\r\n".encode("utf-16"))
    'days\n'

    Args:
        data: The whole file.
        declared: The encoding that it declares; empty: UTF-8, unless there is a byte order mark.

    Raises:
        Unreadable: It has another encoding, or is no text.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    encoding = marked or declared or "utf-8"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise Unreadable(f'there is no encoding "{declared}"', "save the file in UTF-8") from None
    except UnicodeDecodeError as error:
        raise _foreign(data, error.start, marked or declared) from None
    if _looks_like_utf16(data) and not marked:
        raise _foreign(data, 0, declared)
    if "\0" in text:
        raise Unreadable("not a text", "remove the file, or save it as what its name says")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _foreign(data: bytes, position: int, expected: str) -> Unreadable:
    """Describe bytes that are not in the encoding that they should be in."""
    if _looks_like_utf16(data):
        return Unreadable("UTF-16 without a mark", "save the file in the encoding UTF-8")
    if b"\0" in data and not expected:
        return Unreadable("not a text", "remove the file, or save it as what its name says")
    before = data[:position]
    line = before.count(b"\n") + 1
    column = position - (before.rfind(b"\n") + 1) + 1
    wrong = f"not {expected}, as it says" if expected else "not UTF-8"
    return Unreadable(wrong, _remedy(data, position), line, column)


def _looks_like_utf16(data: bytes) -> bool:
    """Return whether every other byte is mostly zero, as in UTF-16 of most alphabets."""
    part = data[:_LOOKED_AT]
    odd, even = part[1::2].count(0), part[::2].count(0)
    return max(odd, even) > 0.4 * len(part) / 2 and min(odd, even) < 0.05 * len(part)


def _remedy(data: bytes, position: int) -> str:
    """Name the likeliest encoding, which only a person can confirm."""
    from charset_normalizer import from_bytes

    start = max(0, position - _LOOKED_AT // 2)
    part = data[start : start + _LOOKED_AT]
    foreign = sum(byte >= 0x80 for byte in part)
    best = from_bytes(part, cp_isolation=list(_LIKELY)).best()
    if best is None or foreign < _TELLING:
        return "save the file in the encoding UTF-8"
    name = codecs.lookup(best.encoding).name
    return f"save the file in the encoding UTF-8; now it is probably {name}"
