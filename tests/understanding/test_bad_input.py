"""Whatever customers write and admins teach has a defined answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import ModelError
from bot.ports import Prediction
from bot.understanding.intents import inspect_intents
from bot.understanding.language.normalise import MAX_CHARACTERS, has_words, normalise
from bot.understanding.model.classifier import IntentClassifier, load_classifier
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x07\x1b"
SURROGATES = st.characters(categories=["Cs"])

messages = st.text(st.characters() | SURROGATES | st.sampled_from(ZERO_WIDTH + CONTROLS))
"""Any string that Python can hold, lone surrogates included."""


@pytest.fixture(scope="module")
def classifier(trained: Path) -> IntentClassifier:
    return load_classifier(trained)


def predicted(classifier: IntentClassifier, text: str) -> Prediction:
    (prediction,) = classifier.predict([text])
    return prediction


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t\u3000\u2028",
        "👍",
        "🙏🏽 👨‍👩‍👧‍👦",
        "?!…",
        ZERO_WIDTH,
        CONTROLS,
        "\ud800",
        "\udfff\ud800",
    ],
)
def test_of_what_has_no_words_nothing_is_said(classifier: IntentClassifier, text: str) -> None:
    assert predicted(classifier, text).intents == ()


@pytest.mark.parametrize(
    "text",
    [
        "where\u200b is\u200d my\ufeff order",
        "\u202ewhere is my order\u202c",
        "\u2067where\u2069 is my order\u200f",
        "where is my\ud800 order",
        "ｗｈｅｒｅ　ｉｓ　ｍｙ　ｏｒｄｅｒ",
        "where\x00 is\x1b my order",
    ],
)
def test_what_cannot_be_seen_changes_nothing(classifier: IntentClassifier, text: str) -> None:
    assert predicted(classifier, text) == predicted(classifier, "where is my order")


@settings(max_examples=200)
@given(messages)
@example("\ud83d where \udc4d")
@example("ﷺ" * 500)
@example("a\u0300" * 3_000)
def test_every_string_has_a_plain_form(text: str) -> None:
    plain = normalise(text)
    assert len(plain) <= MAX_CHARACTERS
    assert plain == normalise(plain)
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert plain == plain.strip()
    assert not set(plain) & set(ZERO_WIDTH + CONTROLS + "\n\t")


@settings(max_examples=60)
@given(messages)
def test_every_message_is_ranked_with_probabilities(
    classifier: IntentClassifier, text: str
) -> None:
    prediction = predicted(classifier, text)
    assert bool(prediction.intents) == has_words(normalise(text))
    confidences = [intent.confidence for intent in prediction.intents]
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert confidences == sorted(confidences, reverse=True)


@settings(max_examples=20)
@given(st.lists(messages, max_size=5))
def test_a_message_is_understood_the_same_alone_and_among_others(
    classifier: IntentClassifier, texts: list[str]
) -> None:
    together = classifier.predict(texts)
    for text, prediction in zip(texts, together, strict=True):
        alone = predicted(classifier, text)
        assert [one.name for one in alone.intents] == [one.name for one in prediction.intents]
        for one, other in zip(alone.intents, prediction.intents, strict=True):
            assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


@pytest.mark.parametrize(
    "piece", ["where is my order ", "👍", "a", "ﷺ", "退货", "\ud800", " \u200b"]
)
def test_a_megabyte_is_answered_by_its_beginning(classifier: IntentClassifier, piece: str) -> None:
    text = piece * (1_048_576 // len(piece.encode("utf-8", "replace")))
    beginning = predicted(classifier, text[: MAX_CHARACTERS + 500])
    assert predicted(classifier, text) == beginning


# --- what is taught ----------------------------------------------------------------------------


def test_an_intent_with_one_example_is_learned(options: TrainingOptions, tmp_path: Path) -> None:
    train(make_corpus({**EXAMPLES, "joke": ("tell joke",)}), tmp_path, options=options)
    assert predicted(load_classifier(tmp_path), "tell joke").intents[0].name == "joke"


def test_one_intent_with_one_example_is_learned(options: TrainingOptions, tmp_path: Path) -> None:
    train(make_corpus({"joke": ("tell joke",)}), tmp_path, options=options)
    assert [one.name for one in predicted(load_classifier(tmp_path), "hello").intents] == ["joke"]


def test_no_example_at_all_is_refused(options: TrainingOptions, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no example to train on: add examples"):
        train(make_corpus({"joke": ()}), tmp_path, options=options)


def test_one_text_under_two_labels_is_learned_as_a_tie(
    options: TrainingOptions, tmp_path: Path
) -> None:
    both = {"refund": (*EXAMPLES["refund"], "cook rice"), "cook": ("cook rice", "how cook rice")}
    train(make_corpus({**EXAMPLES, **both}), tmp_path, options=options)
    first, second = predicted(load_classifier(tmp_path), "cook rice").intents[:2]
    assert {first.name, second.name} == {"refund", "cook"}


def test_contradictory_labels_name_both_places(tmp_path: Path) -> None:
    lines = ["version: 1", "intents:"]
    for name in ("a", "b"):
        texts = f"[hello, good {name}, fine {name}, well {name}, yes {name}]"
        lines.append(f"  - {{name: {name}, reply: Yes., examples: {texts}}}")
    (tmp_path / "shop.yaml").write_text("\n".join(lines))
    intents, (problem,) = inspect_intents(tmp_path)
    assert intents is None
    assert (problem.line, problem.severity) == (4, "error")
    assert f"is also an example of a ({tmp_path}/shop.yaml:3)" in problem.wrong


def test_a_thousand_intents_with_one_example_each_are_learned(
    options: TrainingOptions, tmp_path: Path
) -> None:
    many = {f"intent_{n}": (f"where is {n}",) for n in range(1_000)}
    train(make_corpus(many), tmp_path, options=options)
    predictions = load_classifier(tmp_path).predict([f"where is {n}" for n in range(0, 1_000, 50)])
    right = [one.intents[0].name for one in predictions]
    assert right == [f"intent_{n}" for n in range(0, 1_000, 50)]


def test_a_hundred_thousand_examples_are_refused_with_a_remedy(tmp_path: Path) -> None:
    for part in range(4):
        examples = "".join(f"      - text {part} {n}\n" for n in range(25_000))
        intent = f"  - name: intent_{part}\n    draft: true\n    examples:\n{examples}"
        (tmp_path / f"part_{part}.yaml").write_text(f"version: 1\nintents:\n{intent}")
    intents, problems = inspect_intents(tmp_path)
    assert intents is None
    (problem,) = (one for one in problems if one.severity == "error")
    assert str(problem) == (
        f"{tmp_path}: 100,000 examples, the maximum is 50,000: keep a few hundred for each "
        "intent, the most diverse ones (intent_0 has 25,000)"
    )
