"""The training corpus: examples by intent, independent of the file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


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
class Corpus:
    """Everything that a model is trained on.

    Attributes:
        out_of_scope: Utterances that no intent may answer.
        hash: SHA-256, in hexadecimal, over everything that can change a prediction.
    """

    intents: tuple[CorpusIntent, ...]
    out_of_scope: tuple[Example, ...] = ()
    default_language: str = "en"
    hash: str = ""
