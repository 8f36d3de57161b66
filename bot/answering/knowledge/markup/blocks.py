"""Block markup of generators: admonitions, tabs, callouts, statements of MDX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.knowledge.markup.code import NOTES

_KINDS = frozenset(NOTES.split())
_INDENTED = re.compile(
    r"(?P<indent>[ \t]*)(?:!!!|\?\?\?\+?|===[!+]?)[ \t]*(?P<kind>[\w-]*)[^\"\n]*"
    r"(?:\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
_COLONS = re.compile(
    r"(?P<indent>[ \t>]*):{3,}[ \t]*\{?(?P<kind>[\w-]*)\}?[ \t]*"
    r"(?:\[(?P<label>[^\]\n]*)\])?(?P<title>.*)"
)
_ALERT = re.compile(
    r"(?P<indent>[ \t]*(?:>[ \t]*)+)\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][-+]?(?P<title>.*)"
)
_NOTHING = re.compile(
    r"[ \t]*(?:\*\[[^\]\n]+\]:.*|-{1,2}8<-{1,2}.*|\[TOC\]|\[\[_?TOC_?\]\]"
    r"|\{:toc\}|@\[toc\].*|\{\{toc\}\}|<!---->)[ \t]*",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"([ \t]*)\[\^[^\]\n]+\]:[ \t]*")
_IMPORT = re.compile(
    r"import\s+(?:[\w*{$][^;'\"]*?\sfrom\s*)?(['\"])[^'\"\n]+\1\s*;?[ \t]*$", re.MULTILINE
)
_EXPORT = re.compile(
    r"export\s+(?:(?:const|let|var)\s+[\w${\[][^\n]*=|default\s+[\w({<$]|(?:async\s+)?function\b|class\s+\w+[^\n]*\{|\{|\*\s+from)"
)
_SETEXT_OR_RULE = re.compile(r"===+[ \t]*")


def without_statements(text: str) -> str:
    r"""Remove what MDX imports and exports.

    >>> without_statements("import A from './a'\n\nexport const b = 1\n\nImport it.")
    '\n\n\n\nImport it.'
    """
    text = re.sub(rf"^(?:{_IMPORT.pattern})", _newlines, text, flags=re.MULTILINE)
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        if _EXPORT.match(lines[number]):
            end = _end_of_statement(lines, number)
            lines[number:end] = [""] * (end - number)
            number = end
        number += 1
    return "\n".join(lines)


def _newlines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _end_of_statement(lines: Sequence[str], start: int) -> int:
    """Return the line behind a statement: its brackets are closed and a blank line follows."""
    depth = 0
    for number in range(start, len(lines)):
        line = lines[number]
        depth += sum(line.count(c) for c in "([{") - sum(line.count(c) for c in ")]}")
        if depth <= 0 and (number + 1 == len(lines) or not lines[number + 1].strip()):
            return number + 1
    return start + 1


def without_blocks(text: str) -> str:
    r"""Turn admonitions, tabs and callouts into their titles and their text.

    >>> without_blocks('!!! warning "Mains"\n    Switch it off.')
    '**Warning: Mains**\nSwitch it off.'
    """
    return "\n".join(_plain_lines(text.split("\n")))


def _plain_lines(lines: Sequence[str]) -> Iterator[str]:
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        found = _INDENTED.fullmatch(line)
        if (
            found is None
            or _SETEXT_OR_RULE.fullmatch(line)
            or not (found["kind"] or found["title"])
        ):
            yield _plain_line(line)
            continue
        inner = list(_indented_below(lines[number:], len(found["indent"].expandtabs(4))))
        yield found["indent"] + headline(found["kind"], found["title"] or "")
        yield from _plain_lines(inner)
        number += len(inner)


def _indented_below(lines: Sequence[str], indent: int) -> Iterator[str]:
    """Yield the lines that belong to the line above: indented by four columns."""
    pending = 0
    for line in lines:
        if not line.strip():
            pending += 1
            continue
        wide = line.expandtabs(4)
        if len(wide) - len(wide.lstrip()) < indent + 4:
            return
        yield from [""] * pending
        pending = 0
        yield wide[:indent] + wide[indent + 4 :]


def _plain_line(line: str) -> str:
    if _NOTHING.fullmatch(line):
        return ""
    if found := _COLONS.fullmatch(line):
        title = (found["label"] or re.sub(r"\{[^{}\n]*\}", "", found["title"])).strip(" :")
        words = headline(found["kind"], title)
        return found["indent"] + words if words else found["indent"].rstrip(" \t")
    if found := _ALERT.fullmatch(line):
        return found["indent"] + headline(found["kind"].lower(), found["title"].strip())
    return _FOOTNOTE.sub(r"\1", line, count=1) if _FOOTNOTE.match(line) else line


def headline(kind: str, title: str) -> str:
    """Return the heading of an admonition: its kind and its title.

    >>> headline("warning", "Mains"), headline("details", "More"), headline("columns", "")
    ('**Warning: Mains**', '**More**', '')
    """
    kind, title = kind.strip().lower(), title.strip().strip("\"'*")
    if kind in _KINDS and title.lower() != kind:
        return f"**{kind.capitalize()}: {title}**" if title else f"**{kind.capitalize()}**"
    return f"**{title}**" if title else ""
