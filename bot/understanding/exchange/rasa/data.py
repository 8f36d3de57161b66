"""The raw content of a Rasa project's files, and helpers to read YAML nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.understanding.exchange.content import ImportedContent
from bot.yamlfile import Node


@dataclass(frozen=True, slots=True)
class Response:
    """One variant of a response.

    Attributes:
        text: The text, with `{slot}` as in Rasa.
        language: Language tag, if the variant is for one language.
        buttons: Title and payload of each button.
    """

    text: str
    language: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RasaTurn:
    """One turn of a rule or story: an intent with the actions that answer it.

    Attributes:
        intent: Label of the intent.
        actions: The actions up to the next intent.
        before: The preceding action; empty at the start.
        after: The intent of the next turn; empty at the end.
        bound: Whether it depends on entities, slots or forms.
        is_rule: Whether it is from a rule; rules take precedence over stories.
    """

    intent: str
    actions: tuple[str, ...]
    before: str = ""
    after: str = ""
    bound: bool = False
    is_rule: bool = False


@dataclass(slots=True)
class RasaData:
    """The content of a project's files.

    Attributes:
        root: Folder of the project.
        found: Messages, entities, and what is left out.
        responses: Variants by the name of the response.
        turns: The turns of all rules and stories.
        triggers: The action that the domain names for an intent, by intent.
        language: Language of the project; empty if unknown.
    """

    root: Path
    found: ImportedContent = field(default_factory=ImportedContent)
    responses: dict[str, list[Response]] = field(default_factory=lambda: defaultdict(list))
    turns: list[RasaTurn] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    language: str = ""

    def within(self, file: Path) -> Path:
        """Return the path of a file relative to the project, if it is inside."""
        return file.relative_to(self.root) if file.is_relative_to(self.root) else file


def text_of(node: Node | None) -> str:
    """Return the text of a scalar; empty for other nodes."""
    return node.content if node is not None and isinstance(node.content, str) else ""


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the keys and values of a mapping; nothing for other nodes."""
    if node is not None and isinstance(node.content, dict):
        for key, value in node.content.items():
            yield str(key), value


def listed(node: Node | None) -> list[Node]:
    """Return the items of a list; nothing for other nodes."""
    return node.items() if node is not None else []
