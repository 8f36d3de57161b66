from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.understanding.model.classifier import IntentClassifier, load_classifier, load_encoder
from bot.understanding.model.thresholds import Policy
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus


@pytest.fixture(scope="module")
def classifier(trained: Path) -> IntentClassifier:
    return load_classifier(trained)


@given(
    st.text(alphabet=st.characters(), max_size=300)
    | st.text("\ud800\u200b\u202e 👍\x00a订", max_size=9)
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_has_a_defined_prediction(classifier: IntentClassifier, text: str) -> None:
    prediction = classifier.predict([text])[0]

    confidences = [intent.confidence for intent in prediction.intents]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert 0 < prediction.ask_threshold <= prediction.threshold < 1


@pytest.mark.parametrize(
    "text", ["", "   \n\t", "👍🎉", "?!", "\u200b\u202e", "\ud800", "\x00\x07"]
)
def test_texts_without_words_have_no_intents(classifier: IntentClassifier, text: str) -> None:
    assert classifier.predict([text])[0].intents == ()


def test_a_megabyte_of_text_is_understood_by_its_beginning(classifier: IntentClassifier) -> None:
    prediction = classifier.predict(["i want my money back " * 50_000])[0]

    assert prediction.intents[0].name == "refund"


def test_invisible_characters_change_nothing(classifier: IntentClassifier) -> None:
    plain, odd = classifier.predict(
        ["where is my order", "whe\u200bre is\u202e  my\tｏｒｄｅｒ\ud800"]
    )

    assert plain == odd


def test_company_does_not_change_a_decision(classifier: IntentClassifier) -> None:
    texts = [text for texts in EXAMPLES.values() for text in texts] * 5
    together = classifier.predict(texts)

    for text, one in zip(texts[:6], together, strict=False):
        alone = classifier.predict([text])[0]
        assert [i.name for i in alone.intents] == [i.name for i in one.intents]
        assert alone.intents[0].confidence == pytest.approx(one.intents[0].confidence, abs=0.01)


def test_nothing_asked_nothing_answered(classifier: IntentClassifier) -> None:
    assert classifier.predict([]) == []
    assert classifier.embed([]).shape == (0, 32)


async def test_many_can_ask_at_once(classifier: IntentClassifier) -> None:
    texts = [text for texts in EXAMPLES.values() for text in texts]

    answers = await asyncio.gather(*(classifier.classify(text) for text in texts))

    assert [a.intents[0].name for a in answers] == [
        p.intents[0].name for p in classifier.predict(texts)
    ]


def test_a_prediction_names_its_model(classifier: IntentClassifier) -> None:
    prediction = classifier.predict(["hello"])[0]

    assert prediction.model_version == classifier.manifest.version
    assert prediction.intents_hash == "h1"


def test_a_threshold_from_config_replaces_the_chosen_one(trained: Path) -> None:
    for threshold in (0.0, 0.01, 1.0):
        prediction = load_classifier(trained, policy=Policy(threshold)).predict(["hello"])[0]

        assert prediction.threshold == threshold
        assert prediction.ask_threshold <= threshold


def test_personal_intents_need_more_confidence(options: TrainingOptions, tmp_path: Path) -> None:
    more = {
        name: tuple(f"{text} {tail}" for text in texts for tail in ("", "please", "now", "then"))
        for name, texts in EXAMPLES.items()
    }
    train(make_corpus(more, personal=("order_status",)), tmp_path, options=options)

    classifier = load_classifier(tmp_path)
    personal, other = classifier.predict(["where is my order", "refund please"])

    assert personal.intents[0].name == "order_status"
    assert personal.threshold > other.threshold


def test_the_nearest_example_says_why(classifier: IntentClassifier) -> None:
    nearest = classifier.nearest("track my parcel please")

    assert (nearest.text, nearest.intent) == ("track my parcel please", "order_status")
    assert nearest.similarity == pytest.approx(1, abs=0.01)


def test_a_script_that_the_encoder_never_saw_is_told_apart_by_its_characters(
    options: TrainingOptions, tmp_path: Path
) -> None:
    chinese = {
        "order_status": ("我的订单到哪了", "查询订单", "订单在哪里", "包裹到哪了"),
        "refund": ("我要退款", "怎么退货", "可以退款吗", "退款多久到账"),
    }
    train(make_corpus(chinese), tmp_path, options=options)
    classifier = load_classifier(tmp_path)

    predictions = classifier.predict(["订单到哪里了", "退款到哪了吗", "今天天气怎么样"])

    assert [p.intents[0].name for p in predictions[:2]] == ["order_status", "refund"]
    assert predictions[2].intents[0].confidence < predictions[0].intents[0].confidence


def test_the_encoder_of_a_model_serves_the_retriever(trained: Path) -> None:
    assert load_encoder(trained).embed(["hello"]).shape == (1, 32)
