"""The training corpus: examples by intent, independent of the file format."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.understanding.language.tags import primary


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance and where an admin wrote it.

    Attributes:
        language: BCP 47 tag of the list that contains it.
        line, column: Counted from 1; 0 when it comes from no file.
    """

    text: str
    language: str = "en"
    path: Path | None = None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class CorpusIntent:
    """One intent as training sees it.

    Attributes:
        label: The name that the intent had where it was imported from; else its name.
        title: Button label, by language; also a training row.
        near_misses: Utterances that look similar but belong to another intent (`not:`).
        personal: Its replies concern one person's data: a stricter threshold.
        draft: Trained and ranked, but not answered yet.
    """

    name: str
    examples: tuple[Example, ...]
    label: str = ""
    title: dict[str, str] = field(default_factory=dict)
    description: str = ""
    near_misses: tuple[Example, ...] = ()
    personal: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PseudoLabelled:
    """A message of a customer with the intent that a model recognised in it.

    Attributes:
        intent: Name of the intent.
    """

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that a model is trained on.

    Attributes:
        out_of_scope: Utterances that no intent may answer.
        hash: SHA-256, in hexadecimal, over everything that can change a prediction.
        learned: Approved messages of customers, learned beside the examples.
        learned_from: Hash of the file that they were read from; empty without one.
    """

    intents: tuple[CorpusIntent, ...]
    out_of_scope: tuple[Example, ...] = ()
    default_language: str = "en"
    hash: str = ""
    learned: tuple[PseudoLabelled, ...] = ()
    learned_from: str = ""

    def with_learned(self, learned: Iterable[PseudoLabelled], learned_from: str) -> Corpus:
        """Return the corpus with approved messages.

        Args:
            learned: The messages.
            learned_from: Hash of the file that they were read from; empty without one: the corpus
                stays as it is.
        """
        if not learned_from:
            return self
        both = hashlib.sha256(f"{self.hash}{learned_from}".encode()).hexdigest()
        return replace(self, hash=both, learned=tuple(learned), learned_from=learned_from)


def taught_languages(corpus: Corpus) -> list[str]:
    """Return the primary languages in which at least half of the intents have examples, sorted."""
    taught = Counter(
        language
        for intent in corpus.intents
        for language in {primary(example.language) for example in intent.examples}
    )
    return sorted(each for each, count in taught.items() if 2 * count >= len(corpus.intents))
