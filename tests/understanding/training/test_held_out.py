"""What training chooses on predictions for held-out rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.corpus import Corpus, CorpusIntent, Example
from bot.understanding.model.calibration import oos_scores
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.example_probabilities import ExampleProbabilities
from bot.understanding.model.neighbours import NEAREST, ROBUST
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.held_out import HeldOutPredictions
from bot.understanding.training.train import TrainingOptions, train

N, INTENTS = 400, 8
LABELS = np.arange(N) % INTENTS


def held_out(others_nearest: float, own_robust: float) -> HeldOutPredictions:
    """Return predictions for rows, each with one other intent that has an example like it.

    Args:
        others_nearest: Nearness of the nearest example of that other intent.
        own_robust: Robust nearness to the own intent, to whose nearest example it is 0.9.
    """
    random = np.random.default_rng(0)
    probabilities = np.full((N, INTENTS), 0.02, dtype=np.float32)
    nearest = np.full((2, N, INTENTS), 0.2, dtype=np.float32)
    rows, other = np.arange(N), (LABELS + 1) % INTENTS
    probabilities[rows, LABELS], probabilities[rows, other] = 0.7, 0.18
    nearest[:, rows, LABELS] = np.array([[0.9], [own_robust]])
    nearest[:, rows, other] = np.array([[others_nearest], [0.4]])
    nearest *= random.uniform(0.7, 1.1, (N, 1)).astype(np.float32)
    return HeldOutPredictions(probabilities, nearest)


def everything() -> NDArray[np.int64]:
    return np.arange(N)


def test_examples_that_stand_in_the_wrong_intent_make_robust_nearness_the_better_one() -> None:
    assert held_out(0.95, 0.85).decided(LABELS, everything()).k_share == ROBUST


def test_where_the_nearest_example_is_the_better_guide_it_counts_alone() -> None:
    assert held_out(0.4, 0.5).decided(LABELS, everything()).k_share == NEAREST


def test_a_difference_that_may_be_chance_changes_nothing() -> None:
    assert held_out(0.95, 0.85).decided(LABELS, np.arange(19)).k_share == NEAREST
    same = held_out(0.95, 0.85)
    same = replace(same, nearest=same.nearest[[1, 1]])
    assert same.decided(LABELS, everything()).k_share == NEAREST
    assert same.decided(LABELS, everything()[:0]).k_share == NEAREST


def test_a_stranger_may_be_without_its_own_intent_alone() -> None:
    probabilities = np.full((1, 9), 0.01, dtype=np.float32)
    probabilities[0, :3] = 0.6, 0.3, 0.04
    found = oos_scores(probabilities, np.ones((1, 9), np.float32), np.array([0]), siblings=0)
    assert found.tolist() == pytest.approx([0.3 / 0.4])


def noisy(per_intent: int = 20) -> Corpus:
    """Return a corpus in which each intent has an example of another one."""
    words = {"order": "where is my order", "refund": "i want money back", "hello": "hello there"}
    names = list(words)
    more = ("please", "now", "today", "this", "hey", "good", "how", "yet", "shipped", "tomorrow")
    intents = []
    for position, name in enumerate(names):
        own = [f"{words[name]} {more[i % 10]} {more[(3 * i + i // 10) % 10]}" for i in range(30)]
        texts = list(dict.fromkeys(own))[:per_intent]
        texts.append(f"{words[names[(position + 1) % 3]]} cook rice")
        intents.append(CorpusIntent(name, tuple(Example(text) for text in texts), label=name))
    return Corpus(tuple(intents), hash="noisy")


def doubts(model: Path) -> ExampleProbabilities:
    found = ExampleProbabilities.read(ModelRegistry(model).current())
    assert found is not None
    return found


WRONG = {f"{text} cook rice" for text in ("i want money back", "hello there", "where is my order")}


def test_an_example_in_the_wrong_intent_is_in_doubt(
    options: TrainingOptions, tmp_path: Path
) -> None:
    train(noisy(), tmp_path, options=options)
    found = list(doubts(tmp_path).doubtful())
    assert {one.text for one in found} == WRONG
    one = next(one for one in found if one.text.startswith("hello"))
    assert (one.intent, one.likelier) == (1, 2)
    assert one.own < 0.1
    assert one.other > 0.5


@pytest.mark.timeout(400)  # torch exports two encoders: long on a busy machine
@pytest.mark.slow
def test_every_example_is_judged_after_full_training_too(
    options: TrainingOptions, tmp_path: Path
) -> None:
    corpus = noisy()
    train(corpus, tmp_path, options=replace(options, full=True))
    found = doubts(tmp_path)
    assert list(found.texts) == [each.text for one in corpus.intents for each in one.examples]
    assert ((found.own > 0) & (found.own < 1)).all()
    assert {one.text for one in found.doubtful()} == WRONG


def test_nothing_resembles_an_intent_so_much_as_to_be_in_doubt_for_being_out_of_scope() -> None:
    numbers = np.zeros(1, dtype=np.int64)
    far = np.zeros(1, dtype=np.bool_)
    own, other = np.array([0.01], np.float32), np.array([0.9], np.float32)
    assert not list(ExampleProbabilities(["hi"], numbers, own, numbers + 2, other, far).doubtful())


def test_a_damaged_file_of_probabilities_is_named(model: Path) -> None:
    version = ModelRegistry(model).current()
    (version / "held_out.json").write_text("[]")
    with pytest.raises(ModelError, match=r"held_out\.safetensors: is inconsistent"):
        ExampleProbabilities.read(version)
    (version / "held_out.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="run `frontdesk train`"):
        ExampleProbabilities.read(version)
    (version / "held_out.json").unlink()
    assert ExampleProbabilities.read(version) is None


def test_a_model_serves_by_the_nearness_that_it_was_trained_with(model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    from bot.understanding.model.scorer import read_scorer

    version = ModelRegistry(model).current()
    assert load_classifier(model).predict(["hello"])[0].intents[0].name == "greeting"
    tensors = load_file(version / "head.safetensors")
    save_file({**tensors, "k_share": np.array([ROBUST])}, version / "head.safetensors")
    assert read_scorer(version, 3).k_share == ROBUST
    save_file({**tensors, "k_share": np.array([7.0])}, version / "head.safetensors")
    with pytest.raises(ModelError, match="inconsistent"):
        read_scorer(version, 3)
    tensors.pop("k_share")
    save_file(tensors, version / "head.safetensors")  # as Frontdesk 0.1 wrote it
    assert read_scorer(version, 3).k_share == NEAREST
