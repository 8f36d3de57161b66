"""What the files of a Rasa project hold, before it is put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.understanding.exchange.content import Imported
from bot.yamlfile import Node


@dataclass(frozen=True, slots=True)
class Response:
    """One variant of a response.

    Attributes:
        text: As Rasa has it, with `{slot}`.
        language: Of a variant for customers of a language.
        buttons: Title and payload of each.
    """

    text: str
    language: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rule or story answers to an intent.

    Attributes:
        intent: Its label.
        actions: What follows, up to the next intent.
        before: The action before it; empty at the start.
        after: The intent of the next turn; empty at the end.
        bound: It counts under conditions only: entities, slots, forms.
        is_rule: It stands in a rule, which beats stories.
    """

    intent: str
    actions: tuple[str, ...]
    before: str = ""
    after: str = ""
    bound: bool = False
    is_rule: bool = False


@dataclass(slots=True)
class RasaData:
    """What the files of a project hold.

    Attributes:
        found: Messages, entities, and what is left out.
        responses: Variants, by the name of the response.
        turns: Of all rules and stories.
        triggers: By intent: the action that the domain names for it.
        language: Of the project.
        root: Its folder.
    """

    root: Path
    found: Imported = field(default_factory=Imported)
    responses: dict[str, list[Response]] = field(default_factory=lambda: defaultdict(list))
    turns: list[Turn] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    language: str = ""

    def within(self, file: Path) -> Path:
        """Return the path of a file within the project; files of a single import have a name."""
        return file.relative_to(self.root) if file.is_relative_to(self.root) else file


def text_of(node: Node | None) -> str:
    """Return a scalar; empty where there is none."""
    return node.content if node is not None and isinstance(node.content, str) else ""


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the keys of a mapping with their values; none when this is no mapping."""
    if node is not None and isinstance(node.content, dict):
        for key, value in node.content.items():
            yield str(key), value


def listed(node: Node | None) -> list[Node]:
    """Return the items of a list; none when this is no list."""
    return node.items() if node is not None else []
