"""Slack's rich text, as people's programs send it, written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.slack.emojis import by_code
from adapters.slack.marked_text import Mark, Part, Run, fenced, joined, markdown_of, quoted

Payload = Mapping[str, Any]

_MARKS: Final[tuple[Mark, ...]] = ("bold", "italic", "strike", "code")
_STEP: Final = "    "
_BEHIND_BOT: Final = re.compile(r"\A[,:]?[ \t]*")


@dataclass(frozen=True, slots=True)
class RichText:
    """Writes `rich_text` blocks as Markdown.

    Attributes:
        bot_user: The bot's own user id, whose mentions are left out; empty: none is.
        names: Of people, groups and channels, by their ids.
    """

    bot_user: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def markdown(self, block: Payload) -> str:
        """Return a block as Markdown."""
        parts: list[Part] = []
        depth = -1  # of the list above; one that stands deeper has no item to stand below
        for element in _elements(block):
            runs = list(self._runs(element))
            match element.get("type"):
                case "rich_text_list":
                    depth = min(_number(element.get("indent")), depth + 1)
                    parts.append(self._list(element, depth))
                    continue
                case "rich_text_quote":
                    parts.append(Part(quoted(markdown_of(runs)), "quote"))
                case "rich_text_preformatted":
                    parts.append(Part(fenced("".join(run.text for run in runs)), "code"))
                case _:
                    parts.append(Part(markdown_of(runs).strip("\n")))
            depth = -1
        return joined(parts)

    def _list(self, element: Payload, indent: int) -> Part:
        """Return a list, or the part of one that is indented alike."""
        first = _number(element.get("offset")) + 1
        ordered = element.get("style") == "ordered"
        items = [markdown_of(self._runs(item)).strip() for item in _elements(element)]
        lines = []
        for number, item in enumerate(items, first):
            mark = f"{number}." if ordered else "-"
            said = item.replace("\n", "\n" + _STEP * (indent + 1))
            lines.append(f"{_STEP * indent}{mark} {said}".rstrip())
        apart = (ordered and first > 1) or not all(items[:1])
        return Part("\n".join(lines), "list", apart)

    def _runs(self, element: Payload) -> Iterator[Run]:
        """Yield what a section says, without mentions of the bot."""
        behind_bot, space = False, True
        for each in _elements(element):
            if self.bot_user and each.get("user_id") == self.bot_user:
                behind_bot = True
                continue
            run = self._run(each)
            if behind_bot and space:
                run = Run(_BEHIND_BOT.sub("", run.text), run.marks, run.url)
            behind_bot, space = False, run.text[-1:].isspace() if run.text else space
            yield run

    def _run(self, element: Payload) -> Run:
        style = element.get("style")
        marks = [mark for mark in _MARKS if isinstance(style, Mapping) and style.get(mark)]
        url = str(element.get("url") or "") if element.get("type") == "link" else ""
        return Run(self._text(element) or url, frozenset(marks), url)

    def _text(self, element: Payload) -> str:
        """Return what an element says; of a kind that is not known, what it may."""
        match element.get("type"):
            case "emoji":
                return by_code(str(element.get("unicode") or ""), str(element.get("name") or ""))
            case "user":
                return f"@{self._name(element.get('user_id'))}"
            case "usergroup":
                return f"@{self._name(element.get('usergroup_id'))}"
            case "channel":
                return f"#{self._name(element.get('channel_id'))}"
            case "broadcast":
                return f"@{element.get('range')}"
            case "color":
                return str(element.get("value") or "")
        return str(element.get("text") or element.get("fallback") or "")

    def _name(self, found: object) -> str:
        return self.names.get(str(found)) or str(found)


def _elements(element: Payload) -> Sequence[Payload]:
    return [each for each in element.get("elements") or () if isinstance(each, Mapping)]


def _number(value: object) -> int:
    return min(max(value, 0), 1_000) if isinstance(value, int) else 0
