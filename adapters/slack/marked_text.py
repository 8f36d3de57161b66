"""Text with marks, as Slack tells it, written as Markdown that reads the same anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final, Literal
from urllib.parse import quote, urlsplit

Mark = Literal["bold", "italic", "strike", "code"]

_JOINER: Final = "\u2060"  # WORD JOINER: keeps marks apart that would be read as one
_SPECIAL: Final = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n]|$)|\*|`|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\||"
    r"(?<![^\W_])_|_(?![^\W_])|"
    r"\](?=[(\[:]|$)|<(?=[A-Za-z/!?@#:])|&(?=#?\w{1,32};)"
)
_LINE_START: Final = re.compile(
    r"(?m)^(?P<before>[ \t]*(?:[-+][ \t]+){0,3}(?:\d{1,9}(?=[.)](?:\s|$)))?)"
    r"(?P<sign>#{1,6}(?=\s|$)|>|[-+=](?=[-=]*[ \t]*$)|-#|(?<=\d)[.)])"
)
_INDENT: Final = re.compile(r"(?m)^(?: {0,3}\t|    )[ \t]*")
_BARE: Final = re.compile(r"https?://[\w./:?#=&%@+,$-]+")
_LOOSE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ADDRESS: Final = re.compile(r"\w\.\w")
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text with the same marks throughout.

    Attributes:
        text: As a person reads it.
        marks: How it is set off.
        url: Where it leads; empty: nowhere.
    """

    text: str
    marks: frozenset[Mark] = frozenset()
    url: str = ""


def markdown_of(runs: Iterable[Run]) -> str:
    r"""Return runs as Markdown in one paragraph or several; what is no mark is escaped.

    >>> markdown_of([Run("2*3 is "), Run("six!", frozenset({"bold"})), Run("I know")])
    '2\\*3 is **six!\u2060**I know'
    """
    written: list[str] = []
    before, whole = "", list(_merged(runs))
    lone = _lone(whole)
    for piece in _merged(piece for run in whole for piece in _lines(run)):
        written.append(_written(piece, before, lone))
        before = written[-1][-1:]
    return "".join(written)


def literal(text: str, *, begins_line: bool = True, lone: Collection[str] = ()) -> str:
    r"""Return plain text as Markdown that reads the same.

    Args:
        text: Plain text.
        begins_line: It stands at the beginning of a line.
        lone: Signs that mark nothing, since no other one is near.

    >>> literal("# a *b* snake_case")
    '\\# a \\*b\\* snake_case'
    """
    escape = partial(_escape, lone=lone)
    head, newline, rest = ("", "", text) if begins_line else text.partition("\n")
    rest = _INDENT.sub(lambda found: "\u00a0" * len(found[0].expandtabs(4)), rest)
    escaped = _LINE_START.sub(r"\g<before>\\\g<sign>", _SPECIAL.sub(escape, rest))
    return _SPECIAL.sub(escape, head) + newline + escaped


def fenced(code: str) -> str:
    """Return a block of code; it may hold fences of its own."""
    longest = max((len(each) for each in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{code}\n{fence}"


def quoted(markdown: str) -> str:
    """Return Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in markdown.split("\n"))


def _lone(runs: Sequence[Run]) -> Collection[str]:
    """Return the signs that stand once in a text, and mark nothing in it: they need no escape."""
    said = "".join(run.text for run in runs)
    marks = {mark for run in runs for mark in run.marks}
    used = ("*" if marks & {"bold", "italic"} else "") + ("`" if "code" in marks else "")
    return [sign for sign in "*_`" if said.count(sign) == 1 and sign not in used]


def _escape(found: re.Match[str], lone: Collection[str]) -> str:
    """Escape a sign, unless it marks nothing: alone in its text, or between spaces."""
    start, end = found.span()
    before, behind = found.string[max(start - 2, 0) : start], found.string[end : end + 1]
    begins_line = before.rstrip(" ")[-1:] in ("", "\n")
    begins_item = begins_line and (not behind or behind.isspace())
    spaced = before[1:] == " " and not before[:1].isspace() and behind.isspace()
    if (found[0] in lone and not begins_item) or (spaced and found[0] in ("*", "_")):
        return found[0]
    return f"\\{found[0]}"


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Join neighbours that are set off alike: between them no mark is to stand."""
    held: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if held is not None and (held.marks, held.url) == (run.marks, run.url):
            held = replace(held, text=held.text + run.text)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held


def _lines(run: Run) -> Iterator[Run]:
    """Cut a marked run so that no mark holds a line break, or a space at its edges."""
    if not run.marks and not run.url:
        yield run
        return
    for number, line in enumerate(run.text.split("\n")):
        if number:
            yield Run("\n")
        inner = line if run.marks == {"code"} else line.strip()
        if not inner.strip():
            yield Run(line)
            continue
        start = line.index(inner)
        yield from (Run(line[:start]), replace(run, text=inner), Run(line[start + len(inner) :]))


def _written(run: Run, before: str, lone: Collection[str]) -> str:
    """Return one run as Markdown.

    Args:
        run: Within one line, where it has marks.
        before: The sign in front of it; empty at the beginning.
        lone: See `literal`.
    """
    if not run.marks and not run.url:
        return literal(run.text, begins_line=before in ("", "\n"), lone=lone)
    inner = _linked(run)
    stars = "*" * (("italic" in run.marks) + 2 * ("bold" in run.marks))
    for mark in filter(None, (stars, "~~" if "strike" in run.marks else "")):
        inner = f"{mark}{_apart(inner[0])}{inner}{_apart(inner[-1])}{mark}"
    collides = before == inner[0] or (before == "!" and inner[0] == "[")
    return f"{_JOINER}{inner}" if collides else inner


def _apart(edge: str) -> str:
    """Return what keeps a mark from a sign beside it: by CommonMark the sign may hide it."""
    return _JOINER if unicodedata.category(edge)[0] in "PS" else ""


def _linked(run: Run) -> str:
    """Return the text of a run, as code or as a link; a link that lies about its target is text."""
    said = _code(run.text) if "code" in run.marks else literal(run.text, begins_line=False)
    if not run.url:
        return said
    address = run.url.removeprefix("mailto:").removeprefix("tel:")
    if run.text.rstrip("/") in (run.url.rstrip("/"), address.rstrip("/")):
        is_bare = _BARE.fullmatch(run.url) and not _LOOSE.search(run.url)
        if is_bare or run.url != address:
            return run.text
    elif _ADDRESS.search(run.text) or urlsplit(run.url).scheme not in _SCHEMES:
        return f"{said} ({literal(address, begins_line=False)})"
    if "code" not in run.marks:
        said = re.sub(r"(?<!\\)([\[\]])", r"\\\1", said)
    return f"[{said}]({quote(run.url, safe=_SAFE)})"


_SAFE: Final = ":/?#@!$&'+,;=%-._~"


def _code(text: str) -> str:
    """Return text as code, between more backticks than stand in it."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    marks = "`" * (longest + 1)
    pad = " " if text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " ") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that stands on lines of its own, as Markdown.

    Attributes:
        apart: A text above would draw it in.
    """

    text: str
    kind: Literal["text", "quote", "list", "code"] = "text"
    apart: bool = False

    def is_apart(self, above: Part) -> bool:
        """Return whether a blank line must stand between it and the part above."""
        ends = above.kind == "quote" or (above.kind == "list" and self.kind != "list")
        return self.apart or ends or self.kind == above.kind == "text"


def joined(parts: Sequence[Part]) -> str:
    """Join parts, with a blank line where two would become one."""
    text = "".join(part.text for part in parts[:1])
    for above, part in pairwise(parts):
        text += ("\n\n" if part.is_apart(above) else "\n") + part.text
    return text
