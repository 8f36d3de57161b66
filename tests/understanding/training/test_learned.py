"""Approved messages teach the head, and nothing else of a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.corpus import Corpus, Example, PseudoLabelled
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.cross_validation import cross_validated
from bot.understanding.training.dataset import LEARNED_WEIGHT, training_rows
from bot.understanding.training.progress import NoProgress
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus

SLANG = ("dosh", "where be me dosh", "dosh dosh now", "gimme dosh")
TAUGHT = tuple(PseudoLabelled(text, "refund") for text in SLANG)


def learning(*learned: PseudoLabelled) -> Corpus:
    return make_corpus().with_learned(learned, "a hash of the file")


def test_learned_rows_come_last_weigh_less_and_are_never_held_out() -> None:
    rows = training_rows(learning(*TAUGHT))

    count = len(SLANG)
    assert rows.texts[-count:] == SLANG
    assert rows.learned.tolist() == [False] * (len(rows.texts) - count) + [True] * count
    assert set(rows.targets.weights[-count:].tolist()) == {np.float32(LEARNED_WEIGHT).item()}
    assert not rows.held_out[-count:].any()
    human, plain = rows.human(), training_rows(make_corpus())
    assert human.texts == plain.texts
    assert np.array_equal(human.targets.labels, plain.targets.labels)


def test_what_was_learned_changes_what_is_recognised(
    options: TrainingOptions, tmp_path: Path
) -> None:
    train(make_corpus(), tmp_path / "before", options=options)
    learned = [PseudoLabelled(f"track the money {n}", "order_status") for n in range(30)]
    manifest = train(learning(*learned), tmp_path / "after", options=options)

    def refund(folder: str) -> float:
        (found,) = load_classifier(tmp_path / folder).predict(["track the money"])
        return next(each.confidence for each in found.intents if each.name == "refund")

    assert refund("after") < refund("before")
    assert manifest.settings["learned"] == 30
    assert manifest.settings["examples"] == sum(map(len, EXAMPLES.values()))


def test_no_word_of_a_learned_message_is_in_the_model(
    options: TrainingOptions, tmp_path: Path
) -> None:
    train(learning(*TAUGHT), tmp_path, options=options)

    for file in ModelRegistry(tmp_path).current().rglob("*"):
        if file.is_file():
            assert b"dosh" not in file.read_bytes(), file


@pytest.mark.timeout(400)  # torch exports two encoders: long on a busy machine
@pytest.mark.slow
def test_a_full_training_tunes_on_the_examples_alone(
    options: TrainingOptions, tmp_path: Path
) -> None:
    full = replace(options, full=True)
    plain = train(make_corpus(), tmp_path / "plain", options=full)
    learned = train(learning(*TAUGHT), tmp_path / "learned", options=full)

    assert learned.files["encoder.onnx"] == plain.files["encoder.onnx"]
    assert learned.files["head.safetensors"] != plain.files["head.safetensors"]


def test_a_label_that_had_seen_the_held_out_example_does_not_make_it_look_easy(
    options: TrainingOptions, tmp_path: Path
) -> None:
    """Nonsense is recognised only by who has seen it; learned copies of it carry its label."""
    nonsense = {name: f"qwx{name[0]}" for name in EXAMPLES}
    corpus = make_corpus({name: (*texts, nonsense[name]) for name, texts in EXAMPLES.items()})
    copies = [PseudoLabelled(text, name) for name, text in nonsense.items()] * 5

    def right(corpus: Corpus) -> int:
        _, judged = cross_validated(corpus, tmp_path, options=options, progress=NoProgress())
        assert len(judged) == len(EXAMPLES) * 7
        return sum(one.is_right for one in judged if one.text in nonsense.values())

    assert right(corpus) < len(nonsense)
    assert right(corpus.with_learned(copies, "a hash")) <= right(corpus)


def test_a_corpus_without_the_file_stays_as_it_is() -> None:
    corpus = make_corpus()
    assert corpus.with_learned((), "") is corpus
    assert corpus.with_learned((), "content").hash != corpus.hash
    one = corpus.with_learned(TAUGHT, "one")
    assert one.hash != corpus.with_learned(TAUGHT, "two").hash
    assert replace(one, learned=(), learned_from="", hash=corpus.hash) == corpus
    assert one.intents[0].examples[0] == Example("where is my order")
