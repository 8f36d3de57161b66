"""A classifier of clauses: which ask for something, and which say what is not wanted.

Trained on Frontdesk's own examples, so it does not depend on the admin's intents. A negation is
read from its words as much as from its meaning: n-grams stand beside the embeddings, as in the
scorer of intents. One head is trained over each encoder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bot.errors import ModelError
from bot.ports import ClauseReading
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.features import NgramFeatures, features
from bot.understanding.model.head import Head, Targets, design, fit
from bot.understanding.model.shipped_examples import shipped_lines

FILE = "clauses.safetensors"

_EXAMPLES = "clauses.yaml"
WORDS = "clauses.json"

_REQUEST, _NEGATED, _BACKGROUND, _CONTRAST = range(4)
_KINDS = {
    "requests": _REQUEST,
    "negated": _NEGATED,
    "background": _BACKGROUND,
    "contrasts": _CONTRAST,
}

_JOINTS: Mapping[str, Sequence[str]] = {
    "en": (", ", ". ", " but ", " and "),
    "de": (", ", ". ", " und "),
    "zh": ("，", "。"),
    "ja": ("、", "。"),
}
"""Text between two clauses of one message, by language; a comma or a full stop in all others."""

_JOINED = (
    (_NEGATED, _REQUEST, _CONTRAST, 2),
    (_REQUEST, _NEGATED, _CONTRAST, 4),
    (_BACKGROUND, _REQUEST, _REQUEST, 2),
    (_REQUEST, _BACKGROUND, _REQUEST, 2),
    (_REQUEST, _REQUEST, _REQUEST, 2),
    (_NEGATED, _BACKGROUND, _NEGATED, 4),
    (_BACKGROUND, _NEGATED, _NEGATED, 4),
    (_NEGATED, _NEGATED, _NEGATED, 6),
)
"""Messages of two clauses: the kinds of the two, that of the message, and for how many negated
examples of a language there is one such message."""

_WEIGHT = 1 / 4
"""Weight of an example relative to the penalty of `fit`; chosen by cross-validation on the
examples."""

_SEED = 0
"""Of the random projection that `design` uses: the same examples give the same head."""

_Example = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClauseHead:
    """A head with its n-gram vocabulary."""

    head: Head
    words: NgramFeatures

    def read(self, texts: Sequence[str], reading: TextEmbeddings) -> list[ClauseReading]:
        """Return what each text does.

        Args:
            texts: Normalised texts: messages, or clauses of them.
            reading: Their embeddings.
        """
        seen = features(texts, replace(reading, tuned=None), self.words)
        return [
            ClauseReading(
                request=float(row[_REQUEST]),
                negated=float(row[_NEGATED]),
                background=float(row[_BACKGROUND]),
                contrast=float(row[_CONTRAST]),
            )
            for row in self.head.probabilities(seen)
        ]

    def write(self, folder: Path) -> None:
        """Write it into a model version, or into its multilingual part."""
        from safetensors.numpy import save_file

        tensors = {
            "dense": self.head.dense,
            "sparse": self.head.sparse,
            "bias": self.head.bias,
            "idf": self.words.idf,
        }
        save_file(tensors, folder / FILE)
        (folder / WORDS).write_text(json.dumps(self.words.grams), encoding="utf-8")


def fit_clause_head(encoder: ReadsTexts, *, every_language: bool) -> ClauseHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    return _learn(encoder, every_language=every_language)


def read_clause_head(folder: Path, dimension: int) -> ClauseHead | None:
    """Read the head from a folder; None for a model of an earlier Frontdesk without one.

    Args:
        folder: Folder of a version, or of its multilingual part.
        dimension: Dimension of the encoder there.

    Raises:
        ModelError: A file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        tensors = load_file(path)
        grams = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        words = NgramFeatures(grams, tensors["idf"])
        head = Head(tensors["dense"], tensors["sparse"], tensors["bias"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
    shapes = (head.dense.shape, head.sparse.shape, head.bias.shape, words.idf.shape)
    n_grams, n_kinds = len(words.grams), len(_KINDS)
    if shapes != ((2 * dimension, n_kinds), (n_grams, n_kinds), (n_kinds,), (n_grams,)):
        raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
    return ClauseHead(head, words)


def _learn(encoder: ReadsTexts, *, every_language: bool) -> ClauseHead:
    # Synchronising BLAS threads over matrices of this size takes longer than the work.
    with threadpool_limits(1, user_api="blas"):
        return _fitted(encoder, _examples(every_language=every_language))


def _fitted(encoder: ReadsTexts, examples: Sequence[_Example]) -> ClauseHead:
    texts = [text for text, _ in examples]
    labels = np.array([kind for _, kind in examples], dtype=np.int64)
    counts = np.bincount(labels, minlength=len(_KINDS))
    weights = (_WEIGHT * len(labels) / (len(_KINDS) * counts[labels])).astype(np.float32)
    words = NgramFeatures.fit(texts)
    seen = features(texts, replace(encoder.read(texts), tuned=None), words)
    rows = design(seen, len(words.grams), _SEED)
    targets = Targets(labels, np.zeros(len(labels), dtype=np.bool_), weights, len(_KINDS))
    return ClauseHead(rows.head(fit(rows.features, targets)), words)


def _examples(*, every_language: bool) -> list[_Example]:
    """Return the examples as written, and joined to messages of two clauses."""
    found: list[_Example] = []
    for language, kinds in _by_language().items():
        if every_language or language == ENGLISH:
            found += [(text, kind) for kind, texts in kinds.items() for text in texts]
            found += _joined(language, kinds)
    return found


def _joined(language: str, kinds: Mapping[int, Sequence[str]]) -> Iterator[_Example]:
    """Yield messages of two clauses, made of the examples of a language in turn."""
    joints = cycle(_JOINTS.get(language, (", ", ". ")))
    for number, (before, after, kind, one_in) in enumerate(_JOINED):
        first, second = kinds[before], kinds[after]
        for position in range(len(kinds[_NEGATED]) // one_in):
            # Steps that are prime to most lengths, so that other pairs meet in each kind.
            left = first[(7 * position + number) % len(first)]
            right = second[(11 * position + 5 * number) % len(second)]
            yield f"{left}{next(joints)}{right}", kind


def _by_language() -> Mapping[str, Mapping[int, Sequence[str]]]:
    """Return the examples as written, by language and kind."""
    document = shipped_lines(_EXAMPLES)
    languages = dict.fromkeys(language for texts in document.values() for language in texts)
    return {
        language: {label: document[kind][language] for kind, label in _KINDS.items()}
        for language in languages
    }
