"""Reads what messages are after: something to be done for one customer, or something to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.ports.embedding import Embeds
from bot.understanding.model.shipped_examples import alternatives

_FILE = "purposes.yaml"
_DO = "do"
_C = 10.0
"""Inverse strength of regularisation."""


class PurposeReader:
    """A logistic regression over sentence embeddings, fitted on the shipped lines.

    Args:
        encoder: Embeds messages of any language that is read.
    """

    def __init__(self, encoder: Embeds) -> None:
        from sklearn.linear_model import LogisticRegression

        lines = list(_lines())
        self._encoder = encoder
        self._head: Any = LogisticRegression(C=_C, class_weight="balanced", max_iter=1_000)
        self._head.fit(encoder.embed([text for text, _ in lines]), [wants for _, wants in lines])

    def to_do(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how likely each text asks that something is done, in [0, 1], shape (n_texts,)."""
        chances = self._head.predict_proba(self._encoder.embed(texts))
        return np.asarray(chances[:, list(self._head.classes_).index(True)], dtype=np.float64)


def _lines() -> Iterator[tuple[str, bool]]:
    for kind, languages in _shipped().items():
        for lines in languages.values():
            for line in lines.splitlines():
                yield from ((text, kind == _DO) for text in alternatives(line))


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    document: Mapping[str, Mapping[str, str]] = YAML(typ="safe").load(text)
    return document
