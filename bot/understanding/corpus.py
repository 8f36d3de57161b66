"""What a model is trained on: examples by intent, freed from the files that they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance and where an admin wrote it.

    Attributes:
        language: BCP 47 tag of the list that it stands in.
        line, column: Counted from 1; 0 when it comes from no file.
    """

    text: str
    language: str = "en"
    path: Path | None = None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class CorpusIntent:
    """What training needs to know of one intent.

    Attributes:
        label: The name that the intent had where it was imported from; the name when native.
        title: What buttons say, by language; may help as a further example.
        near_misses: Utterances that look alike and belong elsewhere (`not:`).
        personal: Answers concern one person's data: a stricter threshold.
        draft: Learned and ranked, but not answered yet.
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
class Corpus:
    """Everything that a model is trained on.

    Attributes:
        out_of_scope: Utterances that no intent may answer.
        hash: SHA-256 over all that could change a decision, in hexadecimal.
    """

    intents: tuple[CorpusIntent, ...]
    out_of_scope: tuple[Example, ...] = ()
    default_language: str = "en"
    hash: str = ""
