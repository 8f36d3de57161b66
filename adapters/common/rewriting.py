"""One Markdown for all platforms, rewritten into what a platform shows best."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.common.tables import Table

_PARSER: Final = MarkdownIt("commonmark").enable("table")
_CODE = re.compile(r"(?<!`)(?P<mark>`{1,4})(?!`)[^`\n]{1,500}(?P=mark)(?!`)")
_PICTURE = re.compile(r"!\[(?P<alt>[^\[\]\n]{0,200})\]\((?P<url>[^()\s]{1,500})[^()\n]{0,200}\)")
_POINT = re.compile(r"^(?P<indent>[\s>]*)\+(?=\s)")
_NUMBER = re.compile(r"^(?P<number>[\s>]*\d{1,9})\)(?=\s)")
_TASK = re.compile(r"^(?P<point>[\s>]*(?:[-*]|\d{1,9}\.)\s+)\[(?P<done>[ xX])\](?=\s)")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a platform shows what differs between platforms.

    Attributes:
        table: Returns the Markdown for a table; None leaves tables as they are.
        heading: Returns the line for a heading of a level from 1 to 6.
        rule: Stands for a horizontal rule; None leaves it as it is.
        inline: Rewrites text outside of code.
    """

    table: Callable[[Table], str] | None
    heading: Callable[[int, str], str]
    rule: str | None = None
    inline: Callable[[str], str] = lambda text: text


def rewritten(markdown: str, rules: Rules) -> str:
    """Return Markdown in a platform's best form.

    Code is fenced with backticks, points of lists begin with `-` and numbers end with a point,
    tasks have a box. Pictures become links whose text is their alternative text, since no platform
    shows one within a text. What is not named here stays as it was typed, to the letter.

    Args:
        markdown: Of any length.
        rules: What the platform shows differently.
    """
    lines = markdown.split("\n")
    changed: dict[int, str | None] = {}
    for token in _PARSER.parse(markdown):
        if token.map is not None:
            _rewrite(token, lines, changed, rules)
    return "\n".join(_joined(lines, changed, rules))


def tables_apart(markdown: str) -> list[str | Table]:
    """Return Markdown cut at its tables, each of which is an element of its own."""
    lines, parts, done = markdown.split("\n"), list[str | Table](), 0
    tokens = _PARSER.parse(markdown)
    for number, token in enumerate(tokens):
        if token.type == "table_open" and token.level == 0 and token.map is not None:
            start, end = token.map
            parts += ["\n".join(lines[done:start]), _table(tokens, number)]
            done = end
    return [each for each in (*parts, "\n".join(lines[done:])) if each and each != "\n"]


def _rewrite(token: Token, lines: list[str], changed: dict[int, str | None], rules: Rules) -> None:
    """Note what becomes of the lines of one block: other text, or None for none."""
    start, end = token.map or (0, 0)
    match token.type:
        case "fence":
            _keep(lines, changed, start, end)
            if token.markup[0] == "~" and "```" not in token.content:
                changed[start] = lines[start].replace(token.markup, "```", 1)
                if lines[end - 1].strip().strip("> ") == token.markup:
                    changed[end - 1] = lines[end - 1].replace(token.markup, "```", 1)
        case "code_block":
            _keep(lines, changed, start, end)
            if token.level == 0 and "```" not in token.content:
                _replace(changed, start, end, f"```\n{token.content.rstrip()}\n```")
        case "heading_open" if token.level == 0:
            said = " ".join(line.strip().strip("#").strip() for line in lines[start:end])
            said = said.removesuffix(token.markup).strip() if token.markup in "=-" else said
            _replace(changed, start, end, rules.heading(int(token.tag[1]), _setext(said)))
        case "hr" if token.level == 0 and rules.rule is not None:
            _replace(changed, start, end, rules.rule)
        case "list_item_open":
            line = changed.get(start) or lines[start]
            line = _POINT.sub(r"\g<indent>-", line)
            line = _NUMBER.sub(r"\g<number>.", line)
            lines[start] = _TASK.sub(_box, line)
        case "table_open" if token.level == 0 and rules.table is not None:
            _replace(changed, start, end, rules.table(_table_in(lines[start:end])))


def _box(found: re.Match[str]) -> str:
    """Return the beginning of a task with a box that needs no Markdown."""
    return found["point"] + ("☐" if found["done"] == " " else "☑")


def _setext(said: str) -> str:
    """Return the text of a heading without the line below it."""
    return re.sub(r"\s[=-]{1,200}$", "", said)


def _keep(lines: list[str], changed: dict[int, str | None], start: int, end: int) -> None:
    changed.update({number: lines[number] for number in range(start, min(end, len(lines)))})


def _replace(changed: dict[int, str | None], start: int, end: int, by: str) -> None:
    changed.update(dict.fromkeys(range(start, end)))
    changed[start] = by


def _joined(lines: list[str], changed: dict[int, str | None], rules: Rules) -> Iterator[str]:
    """Yield the lines, those outside of code rewritten together: bold text may cross them."""
    waiting: list[str] = []
    for number, line in enumerate(lines):
        if number not in changed:
            waiting.append(line)
            continue
        if waiting:
            yield _inline("\n".join(waiting), rules)
            waiting = []
        if (text := changed[number]) is not None:
            yield text
    if waiting:
        yield _inline("\n".join(waiting), rules)


def _inline(text: str, rules: Rules) -> str:
    """Rewrite text between spans of code."""
    parts, done = list[str](), 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[done : code.start()], rules), code[0]]
        done = code.end()
    return "".join([*parts, _plain(text[done:], rules)])


def _plain(text: str, rules: Rules) -> str:
    return rules.inline(_PICTURE.sub(_link, text))


def _link(found: re.Match[str]) -> str:
    """Return a picture as a link; without alternative text its address says what it is."""
    alt = found["alt"].strip()
    return f"[{alt}]({found['url']})" if alt else f"<{found['url']}>"


def _table_in(lines: list[str]) -> Table:
    return _table(_PARSER.parse("\n".join(lines)), 0)


def _table(tokens: list[Token], start: int) -> Table:
    """Read the table that begins at a token."""
    rows: list[list[str]] = []
    for number in range(start, len(tokens)):
        token = tokens[number]
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[number + 1].content)
        elif token.type == "table_close":
            break
    head, *others = rows
    return Table(tuple(head), tuple(tuple(row) for row in others))
