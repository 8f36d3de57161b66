"""A classifier for texts that ask for a human, trained on Frontdesk's own examples.

It does not depend on the admin's intents: it works whatever such an intent is called, and without
one. One head is trained over each encoder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.ports import Wish
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.head import Targets, fit, softmax

FILE = "person.safetensors"

_OTHER, _MENTION, _WISH = range(3)
_KINDS = {"others": _OTHER, "mentions": _MENTION, "wishes": _WISH}

_JOINTS: Mapping[str, Sequence[str]] = {
    "en": (" and ", ". ", " so ", ", "),
    "de": (" und ", ". ", ", "),
    "zh": ("，", "。", "还"),
    "ja": ("、", "。"),
}
"""Text between two requests in one message, by language; a comma in all others."""

_WEIGHT = 1 / 4
"""Weight of an example relative to the penalty of `fit`; tuned on the lists in
benchmarks/field/build/."""

_Example = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PersonHead:
    """Weights that turn embeddings into one logit for each kind of text.

    Attributes:
        dense: Shape (2 dimension, 3).
        bias: Shape (3,).
    """

    dense: NDArray[np.float32]
    bias: NDArray[np.float32]

    def wishes(self, reading: TextEmbeddings) -> list[Wish]:
        """Return for each text the probability that it asks for, or mentions, a human."""
        shares = softmax(_features(reading) @ self.dense + self.bias)
        return [Wish(float(row[_WISH]), float(row[_MENTION])) for row in shares]

    def write(self, folder: Path) -> None:
        """Write it into a model version, or into its multilingual part."""
        from safetensors.numpy import save_file

        save_file({"dense": self.dense, "bias": self.bias}, folder / FILE)


def fit_person_head(encoder: Encoder, *, every_language: bool) -> PersonHead:
    """Train the head over an encoder; cached per process, since the examples never change.

    Args:
        encoder: The encoder of the model being trained.
        every_language: Use the examples of all languages; else English only.
    """
    key = (encoder.description.key, every_language)
    if key not in _learned:
        _learned[key] = _learn(encoder, every_language=every_language)
    return _learned[key]


def read_person(folder: Path, dimension: int) -> PersonHead | None:
    """Read the head from a folder; None for a model of an earlier Frontdesk without one.

    Args:
        folder: Folder of a version, or of its multilingual part.
        dimension: Dimension of the encoder there.

    Raises:
        ModelError: The file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        tensors = load_file(path)
        head = PersonHead(tensors["dense"], tensors["bias"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
    if head.dense.shape != (2 * dimension, len(_KINDS)) or head.bias.shape != (len(_KINDS),):
        raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
    return head


@cache
def examples_hash() -> str:
    """Return a short hash of the examples, which is part of a model's identity."""
    return hashlib.sha256(repr(_examples(every_language=True)).encode()).hexdigest()[:12]


_learned: dict[tuple[str, bool], PersonHead] = {}


def _learn(encoder: Encoder, *, every_language: bool) -> PersonHead:
    examples = _examples(every_language=every_language)
    labels = np.array([kind for _, kind in examples], dtype=np.int64)
    counts = np.bincount(labels, minlength=len(_KINDS))
    weights = _WEIGHT * len(labels) / (len(_KINDS) * counts[labels])
    targets = Targets(
        labels, np.zeros(len(labels), dtype=np.bool_), weights.astype(np.float32), len(_KINDS)
    )
    found = fit(_features(encoder.read([text for text, _ in examples])), targets)
    return PersonHead(np.ascontiguousarray(found[:-1]), found[-1])


def _features(reading: TextEmbeddings) -> NDArray[np.float32]:
    return np.concatenate([reading.vectors, reading.lower], axis=1)


def _examples(*, every_language: bool) -> list[_Example]:
    """Return the examples as written, and combined with other requests."""
    document = _document()
    found: list[_Example] = []
    for kind, label in _KINDS.items():
        for language, texts in document[kind].items():
            if every_language or language == ENGLISH:
                found += [(text, label) for text in texts]
                if label != _OTHER:
                    others = document["others"][language]
                    found += [(text, label) for text in _joined(language, others, texts)]
    return found


def _joined(language: str, others: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    before, joints = cycle(others), cycle(_JOINTS.get(language, (", ",)))
    for text in texts:
        yield f"{next(before)}{next(joints)}{text}"


@cache
def _document() -> Mapping[str, Mapping[str, Sequence[str]]]:
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath("person.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe").load(text)
    return document
