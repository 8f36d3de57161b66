"""Reads what the model chose; everything in its reply that is no choice is dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST = 8
"""Most choices that are read of a reply: who chooses everything has not chosen."""

_PARTS = 9
"""Most parts of a question."""

_LONGEST_NUMBER = 3
"""Digits of the number of a unit or a part."""

_LONGEST_OBJECT = 80
"""Characters of one choice in JSON."""

_BEGINNING = '{"choices":['
_NONE = '{"choices":[]'


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the model.

    Attributes:
        part: The part of the question that the unit answers, counted from 1.
        unit: The number that the unit was offered under, counted from 1.
    """

    part: int
    unit: int


def choice_schema(units: int) -> Mapping[str, object]:
    """Return the JSON schema of a reply.

    Args:
        units: How many are offered.
    """
    choice = {
        "type": "object",
        "properties": {
            "part": {"type": "integer", "minimum": 1, "maximum": _PARTS},
            "unit": {"type": "integer", "minimum": 1, "maximum": units},
        },
        "required": ["part", "unit"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"choices": {"type": "array", "items": choice}},
        "required": ["choices"],
        "additionalProperties": False,
    }


class ChoiceReader:
    r"""Reads a reply that arrives in pieces.

    A reply that begins with a brace is read as JSON of `choice_schema`, any other as numbers in
    square brackets, where a line may begin with the number of a part and a colon.

    >>> reader = ChoiceReader(9)
    >>> list(reader.feed("Sure! 1: [4] and [2"))
    [Choice(part=1, unit=4)]
    >>> list(reader.feed("]\n2: [4] [10] [3]"))
    [Choice(part=1, unit=2), Choice(part=2, unit=3)]

    Args:
        units: How many were offered.

    Attributes:
        declined: The reply says that no unit answers: `[0]`, or no choices.
    """

    def __init__(self, units: int) -> None:
        self._units = units
        self._json: bool | None = None
        self._text = ""
        self._depth = 0
        self._part = 1
        self._chosen: set[int] = set()
        self.declined = False

    def feed(self, piece: str) -> Iterator[Choice]:
        """Yield the choices that are complete now, each unit once."""
        for character in piece:
            if self._json is None and not character.isspace():
                self._json = character == "{"
            read = self._in_json if self._json else self._in_brackets
            for found in read(character):
                if self._is_new(found):
                    self._chosen.add(found.unit)
                    yield found

    def _is_new(self, choice: Choice) -> bool:
        fits = 1 <= choice.unit <= self._units and 1 <= choice.part <= _PARTS
        return fits and choice.unit not in self._chosen and len(self._chosen) < MOST

    def _in_brackets(self, character: str) -> Sequence[Choice]:
        if character == "\n":
            self._text = ""
        elif character == "[":
            before = self._text.rstrip()
            self._part = _number(before[:-1]) or self._part if before.endswith(":") else self._part
            self._text = "["
        elif character == "]" and self._text.startswith("["):
            units, self._text = self._text[1:].split(","), " "
            self.declined |= [unit.strip() for unit in units] == ["0"]
            return [Choice(self._part, _number(unit)) for unit in units]
        elif len(self._text) <= _LONGEST_OBJECT:
            self._text += character
        return ()

    def _in_json(self, character: str) -> Sequence[Choice]:
        if self._depth < 0:  # the reply did not begin as the schema wants
            return ()
        if character == "{":
            self._depth += 1
            if self._depth == 2 and not self._begins_well():
                self._depth = -1
            self._text = "{" if self._depth == 2 else self._text + character
        elif character == "}":
            self._depth -= 1
            self.declined |= self._depth == 0 and self._text == _NONE
            found = self._text + character if self._depth == 1 else ""
            self._text = ""
            return _parsed(found)
        elif len(self._text) <= _LONGEST_OBJECT and not character.isspace():
            self._text += character
        return ()

    def _begins_well(self) -> bool:
        return self._text in {_BEGINNING, ","}


def _number(text: str) -> int:
    """Return a number of few ASCII digits; 0 for anything else."""
    text = text.strip()
    plain = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if plain else 0


def _parsed(text: str) -> Sequence[Choice]:
    """Return the choice that an object of the reply holds; nothing where it is another one."""
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    if not isinstance(found, dict) or found.keys() != {"part", "unit"}:
        return ()
    part, unit = found["part"], found["unit"]
    return [Choice(part, unit)] if type(part) is int and type(unit) is int else ()
