"""Imported content, independent of the format: rows, replies, slots, and what is left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.understanding.exchange.files import Row, normalised
from bot.understanding.exchange.report import SkippedParts
from bot.understanding.exchange.slots import Entities
from bot.understanding.intents.names import slug
from bot.understanding.intents.placeholders import ALWAYS_KNOWN, placeholders

OUT_OF_SCOPE = "out_of_scope"
"""Label of out-of-scope texts."""

_OUTSIDE = frozenset(
    ("outofscope", "outscope", "oos", "nlufallback", "fallback", "defaultfallback")
)
"""Out-of-scope labels of other programs, without punctuation."""

_BRACES = re.compile(r"\{([^\n{}]+)\}")


@dataclass(slots=True)
class ImportedReply:
    """The reply of an intent.

    Attributes:
        texts: Variants by language, as in `reply:`; an empty language is the default one.
        suggestions: Labels of intents that are offered as next steps.
    """

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    suggestions: list[str] = field(default_factory=list)

    def add(self, text: str, language: str = "") -> None:
        """Add a variant, unless it is blank or already present."""
        variants = self.texts[language]
        if text.strip() and text.strip() not in variants:
            variants.append(text.strip())

    def variants(self) -> Iterator[str]:
        """Yield the texts of every language."""
        for texts in self.texts.values():
            yield from texts

    def values(self) -> list[str]:
        """Return the names of the placeholders in the texts."""
        names = (name for text in self.variants() for name in placeholders(text))
        return [name for name in dict.fromkeys(names) if name not in ALWAYS_KNOWN]


@dataclass(slots=True)
class ImportedContent:
    """The content of an import.

    Attributes:
        rows: Messages with their labels.
        answers: Replies, by label.
        entities: Entities annotated in the messages.
        titles: Button labels, by label.
        outside: Labels of out-of-scope texts, in addition to the well-known ones.
        held: Labels of intents that remain drafts although they have a reply.
        left_out: Parts that have no counterpart in intent files.
    """

    rows: list[Row] = field(default_factory=list)
    answers: dict[str, ImportedReply] = field(default_factory=lambda: defaultdict(ImportedReply))
    entities: Entities = field(default_factory=Entities)
    titles: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    left_out: SkippedParts = field(default_factory=SkippedParts)

    def is_outside(self, label: str) -> bool:
        """Return whether the texts of a label are out of scope."""
        return label in self.outside or is_outside(label)

    def with_language(self, language: str) -> None:
        """Set the language of texts that have none."""
        self.rows = [row if row.language else replace(row, language=language) for row in self.rows]
        for answer in self.answers.values():
            for text in answer.texts.pop("", ()):
                answer.add(text, language)

    def drop_repeated(self) -> None:
        """Remove repeated examples of an intent and language, ignoring case."""
        kept: dict[tuple[str, str, str], Row] = {}
        for row in self.rows:
            key = (row.label, row.language, normalised(row.text))
            if row.text.strip() and kept.setdefault(key, row) is not row:
                self.left_out.add("repeated examples, left out", row.text)
        texts = set(map(id, kept.values()))
        self.rows = [row for row in self.rows if not row.text.strip() or id(row) in texts]

    def take_replies(self) -> None:
        """Collect the replies of the rows by label."""
        for row in self.rows:
            if row.reply.strip():
                text = literal(row.reply)
                self.answers[row.label].add(text, row.language)
                if text != row.reply:
                    self.held.add(row.label)
                    self.left_out.add("replies with braces, kept as drafts", row.label)


def is_outside(label: str) -> bool:
    """Return whether a label is a well-known name for out-of-scope texts.

    >>> is_outside("out_of_scope/other"), is_outside("Out-of-scope"), is_outside("chitchat")
    (True, True, False)
    """
    return re.sub(r"[\W_]", "", label.partition("/")[0].casefold()) in _OUTSIDE


def literal(text: str) -> str:
    """Return a reply with literal braces, except in `{bot}` and `{contact}`.

    >>> literal("{bot} says {x} and {{y}}")
    '{bot} says {{x}} and {{{{y}}}}'
    """
    parts = re.split("(" + "|".join(rf"(?<!\{{)\{{{name}\}}" for name in ALWAYS_KNOWN) + ")", text)
    return "".join(
        part if number % 2 else part.replace("{", "{{").replace("}", "}}")
        for number, part in enumerate(parts)
    )


def with_values(text: str) -> str:
    """Return a reply with `{name}` as placeholders, and all other braces literal.

    >>> with_values("Dear {First Name}, {{so}} it {} is")
    'Dear {first_name}, {{so}} it {{}} is'
    """
    text = text.replace("{{", "\0").replace("}}", "\1")
    parts = _BRACES.split(text)
    written = "".join(
        f"{{{slug(part)}}}" if number % 2 else part.replace("{", "{{").replace("}", "}}")
        for number, part in enumerate(parts)
    )
    return written.replace("\0", "{{").replace("\1", "}}")
