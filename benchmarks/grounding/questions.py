"""The answer set: questions over the shipped articles, with required and forbidden facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("questions.yaml")


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
    """

    type: str
    number: int
    ask: str
    need: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    say: str = ""
    after: str = ""

    @property
    def held_out(self) -> bool:
        """Every second question of a list was not looked at while thresholds were chosen."""
        return self.number % 2 == 1

    @property
    def language(self) -> str:
        """The language that it is asked in."""
        return "zh" if re.search(r"[\u3400-\u9fff]", self.ask) else "en"

    def is_answered(self, text: str) -> bool:
        """Tell whether a text holds all that is needed."""
        return all(re.search(pattern, text, re.IGNORECASE) for pattern in self.need)


def load() -> list[Question]:
    """Read the questions."""
    return list(_questions(YAML(typ="safe").load(FILE)))


def _questions(lists: dict[str, list[dict[str, object]]]) -> Iterator[Question]:
    for kind, entries in lists.items():
        for number, entry in enumerate(entries):
            need, never = (_patterns(entry.get(key)) for key in ("need", "never"))
            ask, say, after = (str(entry.get(key, "")) for key in ("ask", "say", "after"))
            yield Question(kind, number, ask, need, never, say, after)


def _patterns(value: object) -> tuple[str, ...]:
    return tuple(str(pattern) for pattern in value) if isinstance(value, list) else ()
