"""Components of MDX, Vue, Astro and wikis: tags that HTML does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.knowledge.markup.blocks import headline
from bot.answering.knowledge.markup.code import NOTES
from bot.answering.knowledge.strip_hidden import hides_text, is_element

_NAME = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w.:-]*)(?=[\s/>])|<(?P<fragment>/?)>")
_ATTRIBUTE = re.compile(
    r"(?:^|\s)(?P<key>[\w-]+)=(?:\{\s*)?(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`)"
)
_LONGEST = 5000
_KINDS = frozenset(NOTES.split())
_CALLOUTS = frozenset(
    ("aside", "callout", "admonition", "alert", "banner", "notice", "message", "hint")
)
_ROLES = {"system", "sys", "assistant", "user", "human", "instruction", "instructions"}
_ROLES |= {"prompt", "context", "article", "inst"}
"""Chat markers: in an article they are an attempt to pose as the system."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that is none of HTML's.

    Attributes:
        start, end: Its position in the text.
        closes, alone: It ends a component, or is one without text.
        hides: Whether the content of the component is invisible.
    """

    start: int
    end: int
    name: str
    attributes: str
    closes: bool
    alone: bool
    hides: bool = False


def without_components(text: str) -> str:
    r"""Remove the tags of components; their text stays, and moves to the left if it was set out.

    >>> without_components('<Tabs>\n  <Tab label="Web">Press it.</Tab>\n</Tabs>\nEnter <number>.')
    '\n**Web:** Press it.\n\nEnter <number>.'
    """
    tags = list(_tags(text))
    kept: list[str] = []
    place = 0
    hidden, depth = "", 0
    for tag in tags:
        between = text[place : tag.start]
        shown = "" if depth or tag.hides else _shown(tag)
        if shown and text[tag.end : tag.end + 1] in {"", "\n"}:
            shown = shown.rstrip().replace(":**", "**")
        kept += ["\n" * between.count("\n") if depth else between, shown]
        kept.append("\n" * text.count("\n", tag.start, tag.end))
        if depth and tag.name == hidden and not tag.alone:
            depth += -1 if tag.closes else 1
        elif not depth and tag.hides and not tag.alone and not tag.closes:
            hidden, depth = tag.name, 1
        place = tag.end
    rest = text[place:]
    kept.append("\n" * rest.count("\n") if depth else rest)
    begins = {text.count("\n", 0, tag.start) for tag in tags}
    return _set_left("".join(kept), open_lines(text, tags) | begins, begins) if tags else text


def open_lines(text: str, tags: list[Tag] | None = None) -> frozenset[int]:
    """Return the numbers of the lines, from 0, that begin within a component or its tag."""
    lines: set[int] = set()
    opened: list[tuple[str, int]] = []
    for tag in _tags(text) if tags is None else tags:
        here = text.count("\n", 0, tag.start)
        lines |= {*range(here + 1, here + text.count("\n", tag.start, tag.end) + 1)}
        if tag.closes and any(name == tag.name for name, _ in opened):
            while opened:
                name, start = opened.pop()
                if name == tag.name:
                    lines |= {*range(start + 1, here + 1)}
                    break
        elif not tag.closes and not tag.alone:
            opened.append((tag.name, here))
    return frozenset(lines)


def _tags(text: str) -> Iterator[Tag]:
    """Yield components: tags that are closed, stand alone, or have attributes with values."""
    closed = {found["name"] for found in _NAME.finditer(text) if found["end"]}
    place = 0
    while found := _NAME.search(text, place):
        place = found.end()
        name = found["name"] or ""
        if found["fragment"] is not None:
            yield Tag(found.start(), found.end(), "", "", found["fragment"] == "/", alone=False)
            continue
        if name.lower() in _ROLES or (
            is_element(name.lower()) and (name.islower() or name.isupper())
        ):
            continue
        end = _end(text, found.end())
        if end < 0:
            continue
        attributes = text[found.end() : end - 1]
        alone = attributes.endswith("/")
        if found["end"] or alone or name in closed or "=" in attributes:
            closes, hides = found["end"] == "/", hides_text(f" {attributes}")
            yield Tag(found.start(), end, name, attributes.rstrip("/"), closes, alone, hides)
            place = end


def _end(text: str, start: int) -> int:
    """Return where a tag ends whose name ends at a place, or -1: braces and quotes may hold >."""
    depth, quote = 0, ""
    for place in range(start, min(len(text), start + _LONGEST)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`" and (depth or text[place - 1] in "={ "):
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == ">" and depth <= 0:
            return place + 1
        elif sign == "<" and depth <= 0:
            return -1
    return -1


def _shown(tag: Tag) -> str:
    """Return what a reader sees of a tag: its title, and what kind of a note it is."""
    if tag.closes or not tag.name[:1].isupper():
        return ""
    said = {
        found["key"]: found["double"] or found["single"] or found["tick"] or ""
        for found in _ATTRIBUTE.finditer(tag.attributes)
    }
    name = tag.name.lower()
    kind = name if name in _KINDS else ""
    if name in _CALLOUTS:
        kind = (
            next(
                (w for w in map(said.get, ("type", "variant", "kind", "intent")) if w in _KINDS), ""
            )
            or kind
        )
    if tag.alone and name not in {"card", "linkcard"}:
        return ""
    words = headline(kind, said.get("title") or said.get("label") or said.get("summary") or "")
    return f"{words.removesuffix('**')}:** " if words else ""


def _set_left(text: str, inside: frozenset[int], begins: set[int]) -> str:
    """Remove the common indentation of lines within components."""
    lines = text.split("\n")
    for number in inside:
        lines[number] = lines[number] if lines[number].strip() else ""
    run: list[int] = []
    for number in [*sorted(inside), len(lines) + 1]:
        apart = run and (number != run[-1] + 1 or (number in begins) != (run[-1] in begins))
        if apart:
            _move(lines, run)
            run = []
        if number < len(lines) and lines[number].strip():
            run.append(number)
    return "\n".join(lines)


def _move(lines: list[str], run: list[int]) -> None:
    indent = min(len(lines[n]) - len(lines[n].lstrip()) for n in run)
    for number in run:
        lines[number] = lines[number][indent:]
