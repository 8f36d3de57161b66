"""Parses bytes to a `Document`; checks size, encoding, syntax and harmful YAML features."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.errors import Problem
from bot.yamlfile import slips
from bot.yamlfile.document import Document
from bot.yamlfile.tree import TreeBuilder, Unusable

MAX_BYTES = 2 * 1024 * 1024
"""Largest file that is read; hand-written ones stay far below."""

_LOADER = yaml.CSafeLoader
"""libyaml: 15,000 lines in 0.03 s, a thirtieth of what a parser in Python takes."""

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # YAML 1.2, production 1: c-printable
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_FOREIGN = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a file; what cannot be read says why in `Document.problems`."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            return _refuse(
                path,
                f"{size:,} bytes, more than the limit of {max_bytes:,}",
                "split it into several files",
            )
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        return _refuse(path, f"cannot be read ({reason})", "check that the file may be read")
    return parse(path, data, doubt=True)


def parse(path: Path, data: bytes, *, doubt: bool = False) -> Document:
    """Turn the bytes of a file into a document.

    Args:
        path: Of the file.
        data: What it holds.
        doubt: Report slips as well that leave sound YAML: a line that another one has taken in.
    """
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        return _not_utf8(path, error)
    except _ForeignEncoding as error:
        return _refuse(path, f"the encoding is {error}", "save the file as UTF-8")
    if problems := tuple(_unprintable(path, text)):
        return Document(path, None, problems)
    if slip := slips.conflict(text):
        return Document(path, None, (_at(path, slip),))
    builder = TreeBuilder(path, text, doubt=doubt)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except Unusable as error:
        return Document(path, None, (*builder.problems, error.problem))
    except yaml.MarkedYAMLError as error:
        found = tuple(_syntax(path, text, error))
        earlier = (each for each in builder.problems if each.line < found[0].line)
        return Document(path, None, (*earlier, *found))
    except yaml.YAMLError as error:  # a reader error that knows no line
        return _refuse(path, f"is no YAML ({error})", "check the file in an editor")
    if builder.root is None:
        return _refuse(path, "the file is empty", "write something into it, or delete it")
    return Document(path, builder.root, tuple(builder.problems))


class _ForeignEncoding(Exception):
    """Bytes that announce another encoding than UTF-8."""


def _decode(data: bytes) -> str:
    for mark, name in _FOREIGN.items():
        if data.startswith(mark):
            raise _ForeignEncoding(name)
    if b"\0" in data[:4]:
        raise _ForeignEncoding("UTF-16 or UTF-32, or the file is no text")
    return data.decode("utf-8-sig")


def _not_utf8(path: Path, error: UnicodeDecodeError) -> Document:
    before = error.object[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    byte, guess = error.object[error.start], _encoding(error.object)
    wrong = f"not UTF-8 (byte 0x{byte:02X}), probably {guess}"
    return Document(path, None, (Problem(path, line, column, "", wrong, "save the file as UTF-8"),))


def _encoding(data: bytes) -> str:
    """Guess an encoding by how its bytes beyond ASCII stand together."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    if all(len(run) <= 2 for run in runs):
        return "Latin-1 or Windows-1252" if any(len(run) == 1 for run in runs) else "GBK"
    try:
        b"".join(run for run in runs if len(run) % 2 == 0).decode("gb2312")
    except UnicodeDecodeError:
        return _OLDER
    return "GBK" if all(len(run) % 2 == 0 for run in runs) else _OLDER


_OLDER = "an older encoding such as GBK, Big5, Shift-JIS or Windows-1251"


def _unprintable(path: Path, text: str) -> Iterator[Problem]:
    for match in _UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        wrong = f"the control character U+{ord(match[0]):04X}"
        yield Problem(path, line, column, "", wrong, "delete it")


def _syntax(path: Path, text: str, error: yaml.MarkedYAMLError) -> Iterator[Problem]:
    said = error.problem or "not YAML"
    context = error.context or ""
    begun = any(sign in context for sign in _BEGUN)
    mark = error.context_mark if begun and error.context_mark else error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if "tab" in said or (mark and text[mark.index : mark.index + 1] == "\t"):
        yield from _tabs(path, text, line, column)
        return
    if slip := _slip(text, error):
        yield _at(path, slip)
        return
    signs = (remedy for sign, remedy in _REMEDIES.items() if sign in f"{context}: {said}")
    remedy = next(signs, "compare indentation and quotes with the lines around it")
    yield Problem(path, line, column, "", f"not YAML: {said}", remedy)


def _slip(text: str, error: yaml.MarkedYAMLError) -> slips.Slip | None:
    """Find the line of the slip, where it may be another than the one that libyaml names."""
    said, context, mark = error.problem or "", error.context or "", error.problem_mark
    noticed = mark.line + 1 if mark else 0
    if "escape" in said or "hexdecimal" in said or "cannot start any token" in said:
        return slips.find_slip(text, noticed, noticed) if text.startswith("```") else None
    begun = error.context_mark.line + 1 if error.context_mark else 0
    if "flow" in context:
        return slips.in_brackets(text, begun)
    if "quoted scalar" in context:
        return slips.find_slip(text, begun, begun)
    if "could not find expected ':'" in said:
        return slips.find_slip(text, begun, noticed)
    if "mapping values are not allowed" in said:
        return slips.find_slip(text, 0, noticed)
    if "did not find expected" in said:
        return slips.open_quote(text, noticed) or slips.find_slip(text, noticed, noticed)
    return slips.find_slip(text, noticed, noticed)


def _at(path: Path, slip: slips.Slip) -> Problem:
    return Problem(path, slip.line, slip.column, "", slip.wrong, slip.remedy)


_BEGUN = ("flow", "quoted", "alias", "anchor", "tag")
"""What is reported where it begins; libyaml notices later that it does not end."""

_BACKSLASH = "use single quotes, in which a backslash means itself, or write it twice"
_REMEDIES = {
    "mapping values are not allowed": (
        'put text that holds ": " in quotes, or indent the line like its neighbours'
    ),
    "cannot start any token": "put text that starts with this sign in quotes",
    "unknown escape character": _BACKSLASH,
    "hexdecimal number": _BACKSLASH,
    "mapping keys are not allowed": "put text that starts with ? in quotes",
    "node content": "put text that starts with this sign in quotes",
    "quoted scalar": "close the quotes that begin here",
    "flow": "close the bracket that opens here; put text that begins with [ or { in quotes",
    "alias": "put text that starts with * in quotes",
    "anchor": "put text that starts with & in quotes",
    "tag": "put text that starts with ! in quotes",
    "block scalar": "put text that starts with | or > in quotes",
    "could not find expected ':'": 'end the key with ":", or indent the line like its neighbours',
    "did not find expected": (
        "indent it like its neighbours; text that begins with a quote or a bracket"
        " needs quotes around the whole of it"
    ),
}
"""What libyaml says, most telling first, and what helps."""


def _tabs(path: Path, text: str, line: int, column: int) -> Iterator[Problem]:
    """Name every tab that indents: an editor that made one made many."""
    starts = [match.start() for match in _TAB_INDENT.finditer(text)]
    places = [(text.count("\n", 0, start) + 1, 1) for start in starts] or [(line, column)]
    for place in places:
        yield Problem(path, *place, "", "a tab", "indent with spaces; YAML does not take tabs")


def _refuse(path: Path, wrong: str, remedy: str) -> Document:
    return Document(path, None, (Problem(path, 0, 0, "", wrong, remedy),))
