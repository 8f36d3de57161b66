from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.corpus import Example
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings, load_encoder_files
from bot.understanding.encoders.pretrained import load_pretrained
from bot.understanding.encoders.source import find_encoder
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.training.dataset import TrainingRows, training_rows
from bot.understanding.training.finetune import finetune, judged_folds
from bot.understanding.training.finetune_loop import FineTuning, Recipe
from bot.understanding.training.fit import assign_folds
from bot.understanding.training.held_out import FineTuned
from bot.understanding.training.progress import NoProgress
from bot.understanding.training.train import TrainingOptions, train
from bot.understanding.training.upper_layers import start_branch
from tests.understanding.tiny import EXAMPLES, make_bert, make_corpus, make_mpnet

pytestmark = pytest.mark.timeout(400)  # torch exports two encoders: long on a busy machine

RECIPE = Recipe(epochs=1, steps=90, epochs_at_most=90, batch=8, rate=2e-3, hidden=0.1)
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = np.repeat(np.arange(len(EXAMPLES)), [len(texts) for texts in EXAMPLES.values()])


def contrast(vectors: np.ndarray) -> float:
    """Return how much nearer examples are to those of their intent than to others."""
    cosines, same = vectors @ vectors.T, LABELS[:, None] == LABELS[None, :]
    return float(cosines[same].mean() - cosines[~same].mean())


def rows() -> TrainingRows:
    corpus = make_corpus()
    intent = replace(corpus.intents[0], near_misses=(Example("cancel my order"),))
    return training_rows(replace(corpus, intents=(intent, *corpus.intents[1:])))


@pytest.fixture(scope="module")
def tuned(bert: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[FineTuned, Encoder]:
    """What tuning the tiny BERT leaves behind."""
    folder, taught = tmp_path_factory.mktemp("tuned"), rows()
    folds = judged_folds(assign_folds(taught, 0))
    head = finetune(taught, folds, folder, str(bert), seed=0, progress=NoProgress(), recipe=RECIPE)
    return head, load_encoder_files(folder)


def read(encoder: Encoder) -> TextEmbeddings:
    return encoder.read(TEXTS)


def test_the_tuned_branch_draws_an_intents_examples_together(
    tuned: tuple[FineTuned, Encoder],
) -> None:
    reading = read(tuned[1])

    assert reading.tuned is not None
    assert contrast(reading.tuned) > contrast(reading.vectors) + 0.3


def test_beside_the_tuned_branch_the_original_stays(
    tuned: tuple[FineTuned, Encoder], bert: Path, cache: Path
) -> None:
    original = load_encoder_files(exported_encoder(str(bert), cache))

    assert tuned[1].description == original.description
    assert np.abs(read(tuned[1]).vectors - read(original).vectors).max() < 1e-5
    assert np.abs(read(tuned[1]).lower - read(original).lower).max() < 1e-5


def test_the_tuned_head_knows_its_examples(tuned: tuple[FineTuned, Encoder]) -> None:
    head, reading = tuned[0], read(tuned[1])

    assert reading.tuned is not None
    logits = reading.tuned @ head.weights + head.bias
    assert (logits.argmax(axis=1) == LABELS).mean() > 0.9


def test_rows_are_judged_by_branches_that_had_not_seen_them(
    tuned: tuple[FineTuned, Encoder],
) -> None:
    head, _encoder = tuned
    judged = np.flatnonzero(head.held.any(axis=1))

    assert 0 < len(judged) < len(TEXTS)
    seen = head.vectors[judged] @ head.weights + head.bias
    assert np.abs(seen - head.held[judged]).max() > 0.1
    # Nothing is as near to the others as a text is to itself.
    assert 0 < head.nearest[:, judged].max() < 0.999


def test_examples_are_kept_as_the_exported_branch_sees_them(
    tuned: tuple[FineTuned, Encoder],
) -> None:
    head, encoder = tuned
    reading = encoder.read(rows().texts)

    assert reading.tuned is not None
    assert (head.vectors * reading.tuned).sum(axis=1).min() > 0.98


def test_an_mpnet_is_tuned_and_exported_as_a_bert_is(tmp_path: Path) -> None:
    source, taught = make_mpnet(tmp_path / "mpnet"), rows()
    folds = judged_folds(assign_folds(taught, 0))
    progress = NoProgress()
    head = finetune(taught, folds, tmp_path, str(source), seed=0, progress=progress, recipe=RECIPE)
    reading = load_encoder_files(tmp_path).read(taught.texts)

    assert reading.tuned is not None
    assert (head.vectors * reading.tuned).sum(axis=1).min() > 0.98
    shown = load_encoder_files(tmp_path).read(TEXTS)
    assert shown.tuned is not None
    assert contrast(shown.tuned) > contrast(shown.vectors) + 0.3
    assert ((shown.tuned @ head.weights + head.bias).argmax(axis=1) == LABELS).mean() > 0.9


@pytest.mark.parametrize(("layers", "tuned"), [(2, 1), (3, 2), (6, 3), (12, 4)])
def test_the_upper_half_is_tuned_and_four_layers_at_most(
    layers: int, tuned: int, tmp_path: Path
) -> None:
    source = make_bert(tmp_path, layers=layers, hidden=8)
    branch = start_branch(load_pretrained(find_encoder(str(source))))

    assert len(branch.layers) == tuned


@pytest.mark.slow
def test_the_same_seed_tunes_the_same_branch(bert: Path) -> None:
    taught, pretrained = rows(), load_pretrained(find_encoder(str(bert)))
    everything = np.arange(len(taught.texts))
    tuning = FineTuning(taught, pretrained, RECIPE, 0, NoProgress())
    first, second = (tuning.vectors(tuning.tune(everything)[0]) for _ in range(2))
    other = FineTuning(taught, pretrained, RECIPE, 1, NoProgress())

    assert np.array_equal(first, second)
    assert not np.array_equal(first, other.vectors(other.tune(everything)[0]))


@pytest.fixture(scope="module")
def full(options: TrainingOptions) -> TrainingOptions:
    return replace(options, full=True)


@pytest.fixture(scope="module")
def published(
    full: TrainingOptions, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Manifest, Path]:
    """What full training publishes, and where."""
    folder = tmp_path_factory.mktemp("full")
    return train(make_corpus(out_of_scope=("tell a joke",)), folder, options=full), folder


def test_full_training_publishes_a_model_that_serves(published: tuple[Manifest, Path]) -> None:
    manifest, folder = published
    classifier = load_classifier(folder)

    assert manifest.settings["full"] is True
    for name, texts in EXAMPLES.items():
        for prediction in classifier.predict(texts):
            assert prediction.intents[0].name == name


def test_full_training_compares_itself_with_quick_training(
    published: tuple[Manifest, Path],
) -> None:
    comparison = published[0].comparison

    assert comparison is not None
    assert 0 < comparison.n < len(TEXTS)
    assert read_manifest(ModelRegistry(published[1]).current()).comparison == comparison


class Interrupted(NoProgress):
    """A progress at which somebody presses Ctrl-C."""

    def advance(self, n: int = 1) -> None:
        raise KeyboardInterrupt


def test_interrupting_full_training_leaves_the_serving_model(
    full: TrainingOptions, model: Path
) -> None:
    before = load_classifier(model).manifest

    with pytest.raises(KeyboardInterrupt):
        train(make_corpus(hash="h2"), model, options=full, progress=Interrupted())

    assert load_classifier(model).manifest == before
    assert sorted(path.name for path in model.iterdir()) == ["current", "versions"]


def test_quick_training_after_full_training_embeds_as_before(
    published: tuple[Manifest, Path], options: TrainingOptions
) -> None:
    quick = train(make_corpus(hash="h2"), published[1], options=options)

    assert quick.encoder_key == published[0].encoder_key
    assert quick.comparison is None
