"""The intents of a folder after loading and checking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bot.understanding.corpus import Corpus, CorpusIntent, Example
from bot.understanding.intents.actions import NO_ACTIONS, ActionsFile
from bot.understanding.intents.safety_file import SafetyWording
from bot.understanding.intents.schema import IntentEntry


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent.

    Attributes:
        entry: The intent as written in the file.
        examples, near_misses: Its utterances with their positions, in written order.
        line: Line of the intent in its file, counted from 1.
    """

    name: str
    entry: IntentEntry
    examples: tuple[Example, ...]
    near_misses: tuple[Example, ...]
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class IntentTest:
    """A message with its expected prediction: either `intent` or `not_` is set."""

    say: str
    intent: str | None
    not_: str | None
    path: Path
    line: int


@dataclass(frozen=True)
class IntentSet:
    """All intents of a folder.

    Attributes:
        intents: In the order of files and lines.
        safety: Own words for dangerous messages.
        actions: What the bot can do in the shop.
    """

    intents: tuple[Intent, ...]
    out_of_scope: tuple[Example, ...] = ()
    tests: tuple[IntentTest, ...] = ()
    default_language: str = "en"
    safety: SafetyWording = field(default_factory=SafetyWording)
    actions: ActionsFile = NO_ACTIONS

    @cached_property
    def by_name(self) -> Mapping[str, Intent]:
        """The intents by name."""
        return {intent.name: intent for intent in self.intents}

    def corpus(self) -> Corpus:
        """Return the training corpus, which does not depend on the order of files."""
        corpus = Corpus(
            intents=tuple(
                _corpus_intent(intent)
                for intent in sorted(self.intents, key=lambda intent: intent.name)
            ),
            out_of_scope=tuple(
                sorted(self.out_of_scope, key=lambda example: (example.language, example.text))
            ),
            default_language=self.default_language,
        )
        return replace(corpus, hash=_digest(corpus))


def _corpus_intent(intent: Intent) -> CorpusIntent:
    entry = intent.entry
    return CorpusIntent(
        name=intent.name,
        examples=intent.examples,
        label=entry.label or intent.name,
        title=dict(entry.title or {}),
        description=entry.description or "",
        near_misses=intent.near_misses,
        personal=entry.risk == "personal",
        draft=entry.draft,
    )


def _digest(corpus: Corpus) -> str:
    """Hash everything that can change a prediction, but no positions in files."""
    content = {
        "format": 1,
        "default_language": corpus.default_language,
        "out_of_scope": _texts(corpus.out_of_scope),
        "intents": [
            {
                "name": intent.name,
                "label": intent.label,
                "title": intent.title,
                "description": intent.description,
                "personal": intent.personal,
                "draft": intent.draft,
                "examples": _texts(intent.examples),
                "near_misses": _texts(intent.near_misses),
            }
            for intent in corpus.intents
        ],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _texts(examples: tuple[Example, ...]) -> list[tuple[str, str]]:
    return [(example.language, example.text) for example in examples]
