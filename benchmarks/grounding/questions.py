"""The answer set: questions over the shipped articles, with required and forbidden facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent

PARTS = ("tuning", "held_out", "blind")
"""Of the questions: what the guard was mended on, what it was not, and what was written last."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        type: `answerable`, `partial`, `unanswerable`, `pressure` or `follow_up`.
        number: Its place in the list of its type.
        need: Patterns that a right answer holds, each of them; empty when there is no answer.
        never: Patterns that generated words must not hold.
        say: An answer in other words; may be empty.
        after: The question before.
        lies: What the liar says of it, besides what it makes of the articles.
        part: One of `PARTS`.
    """

    type: str
    number: int
    ask: str
    need: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    say: str = ""
    after: str = ""
    lies: tuple[str, ...] = ()
    part: str = "tuning"

    @property
    def language(self) -> str:
        """The language that it is asked in."""
        return "zh" if re.search(r"[\u3400-\u9fff]", self.ask) else "en"

    def is_answered(self, text: str) -> bool:
        """Tell whether a text holds all that is needed."""
        return all(re.search(pattern, text, re.IGNORECASE) for pattern in self.need)


def load() -> list[Question]:
    """Read all questions; every second one of a list of `questions.yaml` is held out."""
    halves = [
        replace(each, part="held_out") if each.number % 2 else each
        for each in _questions("questions.yaml")
    ]
    blind = [replace(each, part="blind") for each in _questions("blind.yaml")]
    return [*halves, *_questions("practice.yaml"), *blind]


def _questions(name: str) -> Iterator[Question]:
    lists: dict[str, list[dict[str, object]]] = YAML(typ="safe").load(FOLDER / name)
    for kind, entries in lists.items():
        for number, entry in enumerate(entries):
            need, never, lies = (_texts(entry.get(key)) for key in ("need", "never", "lie"))
            ask, say, after = (str(entry.get(key, "")) for key in ("ask", "say", "after"))
            yield Question(kind, number, ask, need, never, say, after, lies)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(text) for text in value) if isinstance(value, list) else ()
