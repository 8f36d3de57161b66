from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.model.features import NgramFeatures

TEXTS = [
    "where is my order",
    "Where's my ORDER 48213?",
    "i want it back, i want it all back",
    "a bb ccc",
    "rückgabe bitte",
]


def test_weights_are_those_of_scikit_learn() -> None:
    reference = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    expected = reference.fit_transform(TEXTS).toarray()
    words = NgramFeatures.fit(TEXTS)

    assert list(words.grams) == reference.get_feature_names_out().tolist()
    for text, row in zip(TEXTS, expected, strict=True):
        found = np.zeros(len(words.grams))
        sparse = words.row(text)
        found[sparse.columns] = sparse.values
        np.testing.assert_allclose(found, row, atol=1e-6)


def test_unknown_ngrams_count_for_nothing() -> None:
    assert len(NgramFeatures.fit(["hello"]).row("xyz").columns) == 0


def test_ideographs_count_singly() -> None:
    assert {"订", "单"} <= set(NgramFeatures.fit(["订单"]).grams)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00"])
def test_texts_without_words_have_no_ngrams(text: str) -> None:
    assert len(NgramFeatures.fit(["hello"]).row(text).columns) == 0


@given(st.text())
def test_a_row_has_unit_length_or_is_empty(text: str) -> None:
    row = NgramFeatures.fit([*TEXTS, text]).row(text)

    assert len(row.values) == 0 or np.linalg.norm(row.values) == pytest.approx(1, abs=1e-5)
