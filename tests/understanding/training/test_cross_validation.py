"""Examples are judged by models that have not seen them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.evaluation.predictions import OUT_OF_SCOPE, labelled_predictions
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import ModelRegistry, read_manifest
from bot.understanding.model.thresholds import Policy
from bot.understanding.training.cross_validation import cross_validated
from bot.understanding.training.progress import NoProgress
from bot.understanding.training.train import TrainingOptions
from tests.understanding.tiny import EXAMPLES, make_corpus


def test_every_example_is_judged_once(options: TrainingOptions, tmp_path: Path) -> None:
    corpus = make_corpus(out_of_scope=("what capital", "cook rice", "tell joke"))
    manifest, found = cross_validated(corpus, tmp_path, options=options, progress=NoProgress())
    written = [(name, text) for name, texts in EXAMPLES.items() for text in texts]
    outside = [(OUT_OF_SCOPE, example.text) for example in corpus.out_of_scope]
    assert [(one.expected, one.text) for one in found] == [*written, *outside]
    assert [entry.name for entry in manifest.intents] == list(EXAMPLES)


def test_an_example_is_not_known_to_the_model_that_judges_it(
    options: TrainingOptions, tmp_path: Path
) -> None:
    strange = make_corpus({**EXAMPLES, "refund": (*EXAMPLES["refund"], "good morning hello hi")})
    _, found = cross_validated(strange, tmp_path, options=options, progress=NoProgress())
    (one,) = [one for one in found if one.text == "good morning hello hi"]
    assert one.first == "greeting"
    assert not one.is_right


def test_an_intent_with_one_example_is_not_judged(options: TrainingOptions, tmp_path: Path) -> None:
    corpus = make_corpus({**EXAMPLES, "joke": ("tell joke",)})
    _, found = cross_validated(corpus, tmp_path, options=options, progress=NoProgress())
    assert "joke" not in {one.expected for one in found}


def test_a_threshold_of_the_admin_is_kept(options: TrainingOptions, tmp_path: Path) -> None:
    _, found = cross_validated(
        make_corpus(), tmp_path, options=options, progress=NoProgress(), policy=Policy(1.0)
    )
    assert not any(one.is_answered for one in found)


def test_a_fine_tuned_encoder_does_not_judge_what_it_was_tuned_on(
    options: TrainingOptions, trained: Path, tmp_path: Path
) -> None:
    version = ModelRegistry(trained).current()
    manifest = read_manifest(version)
    models = ModelRegistry(tmp_path)
    with models.staging() as staged:
        for name in manifest.files:
            (staged / name).write_bytes((version / name).read_bytes())
        description = (staged / "encoder.json").read_text()
        (staged / "encoder.json").write_text(description.replace(manifest.encoder_key, "tuned"))
        tuned = replace(manifest, encoder_key="tuned", settings={"full": True}, files={})
        models.publish(staged, tuned)
    judging, _ = cross_validated(make_corpus(), tmp_path, options=options, progress=NoProgress())
    assert judging.encoder_key == manifest.encoder_key


def test_labels_of_messages_are_turned_into_intents(trained: Path) -> None:
    rows = [LabelledText("hello", "greeting"), LabelledText("tell joke", "NONE")]
    known, foreign = labelled_predictions(load_classifier(trained), rows, "NONE")
    assert (known.expected, known.first, known.is_right) == ("greeting", "greeting", True)
    assert foreign.expected == OUT_OF_SCOPE
    assert foreign.example is None
