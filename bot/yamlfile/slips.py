"""Finds the line of a typing mistake in YAML, rather than the line where the parser fails.

A parser reads on after a missing space or dash, as if the text went on, until the next colon. These
rules look at the lines that it took for one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_KEY = r"[A-Za-z_][\w-]*"
_START = r"^(?P<indent>[ \t]*)(?:-[ \t]+)?"
STRANGE = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
"""Looks like a space, or like nothing, and indents nothing."""

CONFLICT = re.compile(r"^[ \t]*(?:<{7}|\|{7}|={7}|>{7})(?=[ \t\r]|$)", re.MULTILINE)
_ENDS = re.compile(r"^[ \t]*>{7}[ \t]", re.MULTILINE)
_SOUND = re.compile(rf"[ \t]*(?:-[ \t]|-$|#|$|{_KEY}:(?:[ \t]|$))")
_OPEN_QUOTE = re.compile(r"(?:^|[ \t])(?:-[ \t]+|:[ \t]+)(?P<quote>[\"'])(?P<rest>.*)$")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_LONGEST_KEY = 1024
"""Characters after which libyaml looks for no colon: YAML 1.2, 7.4.2."""

_OPEN = "the quotes that open here are not closed in their line"
_CLOSE = "close them"
_NO_DASH = "the dash is missing"
_BEGIN = "begin the line with `- `"


@dataclass(frozen=True, slots=True)
class Slip:
    """What was probably done wrong; line and column count from 1."""

    line: int
    column: int
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line that is a slip; the sign at fault is called `sign`."""

    form: re.Pattern[str]
    wrong: str
    remedy: str


_RULES = (
    _Rule(
        re.compile(rf"^[ \t]*(?:-|-[ \t]+|{_KEY}:[ \t]*)?(?P<sign>[{STRANGE}])"),
        "a space that is none (U+{code})",
        "delete it, and type spaces in its place",
    ),
    _Rule(re.compile(r"^(?P<sign>```|~~~)"), "a code fence", "delete the lines of ``` or ~~~"),
    _Rule(
        re.compile(r"^[ \t]*(?P<sign>//|/\*)"),
        "{sign} begins no comment",
        "comments begin with # and a space",
    ),
    _Rule(
        re.compile(rf"{_START}{_KEY}[ \t]*(?P<sign>[：﹕︓])"),
        "a full-width colon after a key",
        "type an ordinary colon and a space",
    ),
    _Rule(
        re.compile(r"^[ \t]*(?P<sign>-)(?=[^\s-])"),
        "the space after the dash is missing",
        "write `- ` and then the text; put text that begins with a dash in quotes",
    ),
    _Rule(
        re.compile(r"^[ \t]*(?P<sign>[–—−•·●*])(?=[ \t\w])"),
        "{sign} begins no item of a list",
        "write an ordinary dash and a space",
    ),
    _Rule(
        re.compile(r"^(?P<sign>[+-])(?=[ \t]{2,}\S)"), "a sign of a diff", "delete it, or the line"
    ),
    _Rule(
        re.compile(rf"{_START}{_KEY}[ \t]*(?P<sign>=|;|->|=>)"),
        "{sign} after a key",
        "write a colon and a space",
    ),
    _Rule(
        re.compile(rf"{_START}{_KEY}(?P<sign>:)(?!//)(?=[^\s:])"),
        "the space after the colon is missing",
        "write a space after it",
    ),
    _Rule(
        re.compile(r"(?:-|:)[ \t]+(?P<sign>[“”„‟«‘’])"),
        "{sign} does not quote in YAML",
        "type straight quotes: \" or '",
    ),
    _Rule(
        re.compile(r"(?:-|:)[ \t]+(?P<sign>\")[^\"]*[“”„’]\s*$"),
        "the text ends with a typographic quote",
        'close it with a straight one: "',
    ),
    _Rule(
        re.compile(r"(?:-|:)[ \t]+(?P<sign>')[^']*(?:\w'\w[^']*)+'\s*$"),
        "an apostrophe ends the text in single quotes",
        "use double quotes around it, or write the apostrophe twice",
    ),
    _Rule(
        re.compile(r"(?:-|:)[ \t]+(?P<sign>\")[^\"\\]*\"[^\s#,}\]][^\"]*\"[^\"]*\"?\s*$"),
        "quotes within quotes",
        'use single quotes around the whole, or \\" within it',
    ),
)
"""The most telling ones first."""


def lines_of(text: str) -> list[str]:
    """Part a text where libyaml counts lines."""
    return _BREAK.split(text)


def conflict(text: str) -> Slip | None:
    """Find the first mark of a merge that was not finished."""
    found = CONFLICT.search(text)
    if found is None or not (found[0].strip().startswith("<") or _ENDS.search(text)):
        return None
    line = len(lines_of(text[: found.start()]))
    remedy = "decide which lines stay, and delete the lines of <<<<<<<, ======= and >>>>>>>"
    return Slip(line, 1, "a merge conflict", remedy)


def find_slip(text: str, begun: int, noticed: int) -> Slip | None:
    """Find what made a parser stumble.

    Args:
        text: Of the whole file.
        begun: Line in which began what the parser was reading, from 1; 0 when it does not say.
        noticed: Line in which it stumbled.
    """
    lines = lines_of(text)
    area = list(_area(lines, begun, noticed))
    for number in area:
        if slip := _in_line(lines[number - 1], number):
            return slip
    for number in area:
        if slip := _same_line(lines, number, noticed):
            return slip
    return None


def in_brackets(text: str, begun: int) -> Slip | None:
    """Find full-width signs within brackets that begin in a line."""
    line = "".join(lines_of(text)[begun - 1 : begun])
    found = re.search(r"[\[{].*?(?P<sign>[，：﹐﹕；])", line)
    if found is None:
        return None
    wrong = f"the full-width sign {found['sign']} parts nothing"
    return Slip(
        begun, found.start("sign") + 1, wrong, "type an ordinary comma or colon and a space"
    )


def swallowed(lines: Sequence[str], first: int, last: int, *, quoted: bool) -> Slip | None:
    """Find a line that was taken for the continuation of a text, and is none.

    Args:
        lines: Of the whole file.
        first: Line that the text begins in, from 1.
        last: Line that it ends in.
        quoted: The text stands in quotes.
    """
    own = lines[first - 1]
    alone = not quoted and not _SOUND.match(own)
    if alone and (slip := _in_line(own, first)):
        return slip
    for number in range(first + 1, min(last, len(lines)) + 1):
        line = lines[number - 1]
        if quoted and re.match(rf"[ \t]*(?:-[ \t]+\S|{_KEY}:[ \t])", line):
            column = own.find('"') + 1 or own.find("'") + 1
            return Slip(first, column, _OPEN, _CLOSE)
        if quoted or not line.strip():
            continue
        if alone and re.match(r"[ \t]*-[ \t]", line) and _indent(line) == _indent(own):
            return Slip(first, _indent(own) + 1, _NO_DASH, _BEGIN)
        if re.match(r"[ \t]*-[ \t]", line):
            column = len(line) - len(line.lstrip()) + 1
            wrong = f"the dash stands too deep: the line goes on with the text of line {number - 1}"
            remedy = "indent it like the items around it; text with items needs `|` after its key"
            return Slip(number, column, wrong, remedy)
        if slip := _in_line(line, number):
            return slip
    return None


def _area(lines: Sequence[str], begun: int, noticed: int) -> Iterator[int]:
    """Yield the lines that may hold the slip: from what was begun, or from the last sound line."""
    noticed = min(noticed, len(lines))
    first = noticed
    if 0 < begun <= noticed:
        first = begun
    else:
        while first > 1 and (first == noticed or not _SOUND.match(lines[first - 1])):
            first -= 1
    yield from range(max(first, 1), noticed + 1)


def _in_line(line: str, number: int) -> Slip | None:
    """Find a slip that shows in its own line."""
    line = line.rstrip("\r")
    for rule in _RULES:
        if found := rule.form.search(line):
            sign = found["sign"]
            wrong = rule.wrong.format(sign=sign, code=f"{ord(sign[0]):04X}")
            return Slip(number, found.start("sign") + 1, wrong, rule.remedy)
    return None


def _same_line(lines: Sequence[str], number: int, noticed: int) -> Slip | None:
    """Find a slip that shows by the lines around it."""
    line = lines[number - 1].rstrip()
    before = _neighbour(lines, number, -1)
    after = _neighbour(lines, number, 1)
    column = _indent(line) + 1
    if re.fullmatch(rf"{_START[1:]}{_KEY}", line) and _below(line, after):
        return Slip(number, len(line) + 1, "the colon after the key is missing", "write one")
    if len(line) > _LONGEST_KEY and ": " in line and not _SOUND.match(line):
        remedy = 'put text that holds ": " in quotes'
        return Slip(number, column, f"a key of more than {_LONGEST_KEY:,} characters", remedy)
    if not line or _SOUND.match(line):
        return _too_shallow(lines, number, noticed)
    if re.match(r"[ \t]*-[ \t]", before) and _indent(before) == _indent(line):
        return Slip(number, column, _NO_DASH, _BEGIN)
    if number > 1 and _indent(line) <= _indent(before):
        wrong = "the line belongs to nothing"
        remedy = (
            "end a key with a colon, begin an item with `- `, or indent the line deeper than the"
            " key whose text it goes on with"
        )
        return Slip(number, column, wrong, remedy)
    return None


def _too_shallow(lines: Sequence[str], number: int, noticed: int) -> Slip | None:
    """Find a key that has a text, and a list below it that is not its own."""
    line, after = lines[number - 1], _neighbour(lines, number, 1)
    value = re.match(rf"[ \t]*{_KEY}:[ \t]+[^\s|>&*!\[{{#]", line)
    deeper = re.match(r"[ \t]*-[ \t]", after) and _indent(line) < _indent(after)
    if number < noticed and value and deeper:
        wrong = "the key is indented less than the list that it follows"
        return Slip(number, _indent(line) + 1, wrong, "indent it like its neighbours")
    return None


def open_quote(text: str, noticed: int) -> Slip | None:
    """Find quotes that were not closed in their line, and so ended with the next that opened."""
    lines = lines_of(text)
    for number in range(min(noticed, len(lines)) - 1, 0, -1):
        found = _OPEN_QUOTE.search(lines[number - 1])
        if found is None:
            continue
        if found["quote"] in found["rest"]:
            return None
        return Slip(
            number,
            found.start("quote") + 1,
            _OPEN,
            _CLOSE,
        )
    return None


def _below(line: str, after: str) -> bool:
    return _indent(after) > _indent(line) or bool(re.match(r"[ \t]*-[ \t]", after))


def _neighbour(lines: Sequence[str], number: int, step: int) -> str:
    """Return the next line above or below that is not empty."""
    at = number - 1 + step
    while 0 <= at < len(lines):
        if lines[at].strip():
            return lines[at].rstrip()
        at += step
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
