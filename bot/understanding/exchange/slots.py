"""Imported entity annotations, and the slots made from them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import re2

from bot.understanding.exchange.report import SkippedParts
from bot.understanding.intents.names import slug
from bot.yamlfile import scalar

_MOST_CHOICES = 200
"""Maximum number of choices; a longer lookup is a dictionary, such as all cities of a country."""


@dataclass(slots=True)
class Entities:
    """Entities annotated in messages.

    Attributes:
        by_label: Entities in the messages of a label.
        choices, patterns: Lookup tables and regular expressions, by entity.
        types: Slot type, by entity.
    """

    by_label: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    patterns: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, str] = field(default_factory=dict)

    def note(self, label: str, entity: str) -> None:
        """Record that a message of a label has an entity."""
        if entity not in self.by_label[label]:
            self.by_label[label].append(entity)

    def slots(self, label: str) -> dict[str, str]:
        """Return the YAML of a slot, by its name, for each entity of a label."""
        return {slug(entity): self._slot(entity) for entity in self.by_label.get(label, ())}

    def _slot(self, entity: str) -> str:
        choices = list(dict.fromkeys(text for text in self.choices.get(entity, ()) if text.strip()))
        if choices and len(choices) <= _MOST_CHOICES:
            return f"{{type: choice, choices: [{', '.join(_quoted(text) for text in choices)}]}}"
        patterns = [pattern for pattern in self.patterns.get(entity, ()) if _compiles(pattern)]
        if patterns:
            return f"{{type: pattern, pattern: {_quoted('|'.join(patterns))}}}"
        return f"{{type: {self.types.get(entity, 'text')}}}"

    def list_unused(self, left_out: SkippedParts) -> None:
        """Record lookups and patterns without an annotated entity, or that cannot be used."""
        used = {entity for entities in self.by_label.values() for entity in entities}
        for kind, tables in (("lookups", self.choices), ("regexes", self.patterns)):
            for name in tables:
                if name not in used:
                    left_out.add(f"{kind} without an annotated entity, left out", name)
        for name, entries in self.choices.items():
            if name in used and len(entries) > _MOST_CHOICES:
                left_out.add(f"lookups of more than {_MOST_CHOICES} entries, left out", name)
        for what, example in self._useless():
            left_out.add(what, example)

    def _useless(self) -> Iterator[tuple[str, str]]:
        for name, patterns in self.patterns.items():
            for pattern in patterns:
                if not _compiles(pattern):
                    yield "regexes that are not valid RE2, left out", f"{name}: {pattern}"
            if name in self.choices:
                yield "regexes of entities with a lookup, left out", name


def _compiles(pattern: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _quoted(text: str) -> str:
    """Return a YAML scalar for an inline list, quoted if it contains commas or brackets."""
    written = scalar(text)
    if written.startswith('"') or not set(written) & set(",[]{}"):
        return written
    return json.dumps(text, ensure_ascii=False)
