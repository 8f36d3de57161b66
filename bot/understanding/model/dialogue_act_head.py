"""A classifier for lines in an open form: skip, stop, why, something else, or none of these.

It does not depend on the admin's intents nor on the form: it knows the line, and whether a value,
a text or a yes was asked for. One head is trained over each encoder, on Frontdesk's own examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports import Asked, DialogueAct
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.kernel_head import KernelHead
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

FILE = "dialogue_acts.safetensors"

_EXAMPLES, _PERSON = "dialogue_acts.yaml", "person.yaml"
_EVERY = 2
"""Of so many wishes for a person among the examples of that head, one is learned."""

_ACTS = tuple(DialogueAct)
_ASKED = tuple(Asked)
_ONLY: Mapping[str, Asked] = {
    DialogueAct.YES: Asked.CONFIRMATION,
    DialogueAct.NO: Asked.CONFIRMATION,
    "undecided": Asked.CONFIRMATION,
    "values": Asked.VALUE,
    "idle": Asked.VALUE,
    "texts": Asked.TEXT,
}
"""Kinds of examples that are learned for one kind of question alone."""

_BY_LAYER = 0.5**0.5
_QUESTION, _WHAT_IS_ASKED = 0.3, 0.4
"""Weights of a question mark and of what is asked, relative to the embedding, and ..."""

_SHARE, _RIDGE = 0.3, 0.1
"""... weight of lines without an act, and the penalty; chosen on left-out lines."""

_QUESTION_MARKS = frozenset("?？")

_Example = tuple[str, int, Asked | None]


@dataclass(frozen=True, slots=True)
class DialogueActHead:
    """Tells what lines in an open form do."""

    head: KernelHead

    def acts(
        self, texts: Sequence[str], reading: TextEmbeddings, asked: Asked
    ) -> list[Mapping[DialogueAct, float]]:
        """Return how surely each normalised text does what, each about 0 to 1."""
        scores = self.head.scores(_features(texts, reading, [asked] * len(texts)))
        return [dict(zip(_ACTS, map(float, row), strict=True)) for row in scores]


def fit_dialogue_act_head(encoder: ReadsTexts, *, every_language: bool) -> KernelHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    texts, kinds, asked = zip(*_examples(every_language), strict=True)
    features = _features(texts, encoder.read(texts), asked)
    labels = np.array(kinds, dtype=np.int64)
    return KernelHead.fit(features, labels, len(_ACTS), share=_SHARE, ridge=_RIDGE)


def read_dialogue_acts(folder: Path, dimension: int) -> DialogueActHead | None:
    """Read the head from a folder, see `KernelHead.read`."""
    head = KernelHead.read(folder / FILE, 2 * dimension + 1 + len(_ASKED), len(_ACTS))
    return DialogueActHead(head) if head else None


def _features(
    texts: Sequence[str], reading: TextEmbeddings, asked: Sequence[Asked | None]
) -> NDArray[np.float32]:
    question = [[_QUESTION * bool(_QUESTION_MARKS & set(text))] for text in texts]
    for_what = [[_WHAT_IS_ASKED * (each is one) for one in _ASKED] for each in asked]
    layers = (_BY_LAYER * reading.lower, _BY_LAYER * reading.vectors)
    written = (np.array(question).reshape(-1, 1), np.array(for_what).reshape(-1, len(_ASKED)))
    return np.concatenate([*layers, *written], axis=1, dtype=np.float32)


def _examples(every_language: bool) -> Iterator[_Example]:
    """Yield each example with its act, 0 for none, and what it is learned for; None: anything."""
    numbers = {str(act): at for at, act in enumerate(_ACTS, start=1)}
    for kind, languages in shipped_lines(_EXAMPLES).items():
        for text in _texts(languages, every_language):
            yield text, numbers.get(kind, 0), _ONLY.get(kind)
    wishes = list(_texts(shipped_lines(_PERSON)["wishes"], every_language))
    for text in wishes[::_EVERY]:
        yield text, numbers[DialogueAct.PERSON], None


def _texts(languages: Mapping[str, Sequence[str]], every_language: bool) -> Iterator[str]:
    for language, lines in languages.items():
        if every_language or language == ENGLISH:
            yield from (normalise(text) for line in lines for text in alternatives(line))
