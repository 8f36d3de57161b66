"""Embeddings of the latest texts are kept, and are those of the encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.encoders.encoder import Encoder, TextEmbeddings
from bot.understanding.encoders.recent import KEPT, RecentEmbeddings
from bot.understanding.model.classifier import load_classifier


@pytest.fixture
def encoder(trained: Path) -> Encoder:
    return load_classifier(trained).encoder


def test_what_is_kept_is_what_the_encoder_returns(encoder: Encoder) -> None:
    recent, texts = RecentEmbeddings(encoder), ["where is my order", "return it", "where is it"]
    recent.read(texts[:2])
    found, expected = recent.read([*texts, texts[0]]), encoder.read([*texts, texts[0]])
    assert np.allclose(found.vectors, expected.vectors, atol=1e-5)
    assert np.allclose(found.lower, expected.lower, atol=1e-5)
    assert np.allclose(found.known, expected.known)


def test_a_text_is_embedded_once(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original: Callable[[Sequence[str]], TextEmbeddings] = encoder.read

    def counting(texts: Sequence[str]) -> TextEmbeddings:
        read.extend(texts)
        return original(texts)

    monkeypatch.setattr(encoder, "read", counting)
    recent = RecentEmbeddings(encoder)
    recent.read(["a", "b", "a"])
    recent.read(["b", "c"])
    assert read == ["a", "b", "c"]


def test_only_the_latest_texts_are_kept(encoder: Encoder) -> None:
    recent = RecentEmbeddings(encoder)
    for start in range(0, KEPT + 40, 20):
        recent.read([f"text {number}" for number in range(start, start + 20)])
    assert len(recent._kept) == KEPT


def test_no_texts_have_no_embeddings(encoder: Encoder) -> None:
    assert len(RecentEmbeddings(encoder).read([]).vectors) == 0
