"""Vectors of an index that another version has stored are reused only where they still fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.indexed_passage import IndexedPassage
from bot.answering.knowledge.vectors import PassageTexts, PassageVectors


class LetterCounts:
    """An encoder: the frequencies of letters."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        self.embedded += texts
        rows = np.full((len(texts), 27), 0.1, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                row[max(ord(letter) - 96, 0) if "a" <= letter <= "z" else 0] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def passage(text: str) -> IndexedPassage:
    return IndexedPassage(
        article="a.md",
        citation="a.md",
        place="a.md:1",
        title="Care",
        url="",
        heading="",
        text=text,
        language="en",
        audience="public",
        valid_from="",
        valid_until="",
    )


PASSAGES = [passage("Wash it with soap, e.g. Down Wash. Rinse it."), passage("Dry it slowly.")]


def test_unchanged_texts_are_not_embedded_again() -> None:
    first = PassageVectors.build(PASSAGES, LetterCounts())
    encoder = LetterCounts()

    again = PassageVectors.build(PASSAGES, encoder, first.known(PASSAGES))

    texts = PassageTexts.of(PASSAGES)
    assert not {*texts.wholes, *texts.sentences} & {*encoder.embedded}
    assert np.array_equal(again.sentences, first.sentences)


def test_sentences_that_another_version_split_differently_are_embedded_again() -> None:
    first = PassageVectors.build(PASSAGES, LetterCounts())
    stored = replace(
        first,
        sentences=np.concatenate([first.sentences[:1], first.sentences]),
        starts=np.array([0, 3], dtype=np.int64),
    )
    encoder = LetterCounts()

    again = PassageVectors.build(PASSAGES, encoder, stored.known(PASSAGES))

    texts = PassageTexts.of(PASSAGES)
    assert {*texts.sentences} <= {*encoder.embedded}
    assert not {*texts.wholes} & {*encoder.embedded}
    assert np.allclose(again.sentences, first.sentences)


def test_an_article_is_found_by_the_questions_of_its_front_matter() -> None:
    asked = "zzz qqq xxx"
    plain, found = PASSAGES[1], replace(PASSAGES[1], questions=(asked,))
    encoder = LetterCounts()
    (query,) = encoder.embed([asked])

    def score(passage: IndexedPassage) -> float:
        return float(PassageVectors.build([passage], encoder).similarity(query[None])[0, 0])

    assert score(found) > score(plain) + 0.3
    assert PassageTexts.of([found]).sentences == ["Care: Dry it slowly.", asked]
