from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import EncoderUnavailable, ModelError
from bot.understanding.corpus import Example
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus

PROBES = ["where is my parcel", "money back now", "hey there", "48213?", "订单"]


class Recorded:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None, int]] = []

    def stage(self, name: str, total: int | None) -> None:
        self.stages.append((name, total, 0))

    def advance(self, n: int = 1) -> None:
        name, total, done = self.stages[-1]
        self.stages[-1] = (name, total, done + n)


def test_every_example_is_recognised(trained: Path) -> None:
    classifier = load_classifier(trained)

    for name, texts in EXAMPLES.items():
        for prediction in classifier.predict(texts):
            assert prediction.intents[0].name == name


def test_the_same_input_and_seed_give_the_same_decisions(
    options: TrainingOptions, tmp_path: Path
) -> None:
    manifests = [train(make_corpus(), tmp_path / name, options=options) for name in ("a", "b")]
    predictions = [load_classifier(tmp_path / name).predict(PROBES) for name in ("a", "b")]

    assert manifests[0].version == manifests[1].version
    assert predictions[0] == predictions[1]


def test_training_again_embeds_new_texts_only_and_decides_as_if_all_were_new(
    options: TrainingOptions, model: Path, tmp_path: Path
) -> None:
    more = make_corpus(EXAMPLES | {"thanks": ("thank you", "thanks a lot", "thx")})

    train(more, model, options=options)
    train(more, tmp_path / "fresh", options=options)

    again, fresh = load_classifier(model), load_classifier(tmp_path / "fresh")
    for one, other in zip(again.predict(PROBES), fresh.predict(PROBES), strict=True):
        assert [i.name for i in one.intents] == [i.name for i in other.intents]
        for a, b in zip(one.intents, other.intents, strict=True):
            assert a.confidence == pytest.approx(b.confidence, abs=0.02)


def test_quick_training_and_serving_import_neither_torch_nor_scikit_learn(
    options: TrainingOptions, trained: Path, tmp_path: Path
) -> None:
    assert trained.is_dir()  # the encoder has been exported
    code = f"""
import sys
from pathlib import Path
from bot.understanding.training.train import TrainingOptions, train
from bot.understanding.model.classifier import load_classifier
from tests.understanding.tiny import make_corpus
options = TrainingOptions(encoder={options.encoder!r}, cache=Path({str(options.cache)!r}))
train(make_corpus(), Path({str(tmp_path)!r}), options=options)
load_classifier(Path({str(tmp_path)!r})).predict(["hello"])
heavy = ("torch", "transformers", "sklearn", "onnx", "huggingface_hub")
print([name for name in heavy if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert run.stdout.strip() == "[]"


def test_predicting_does_not_import_scipy(trained: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from bot.understanding.model.classifier import load_classifier
load_classifier(Path({str(trained)!r})).predict(["hello"])
print([name for name in ("scipy", "torch", "transformers", "sklearn") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "examples",
    [
        {"a": ("hello", "hi there")},
        {"a": ("hello",)},
        {"a": ("hello",), "b": ("refund please",)},
        {"a": ("hello", "hi"), "b": ("refund please", "money back"), "c": ("track my order",)},
        {"a": ("hello", "hello"), "b": ("hello", "refund")},
        {"a": ("hello", "hi"), "b": ()},
        {"a": ("?", "!"), "b": ("", " ")},
    ],
)
def test_corpora_of_any_size_can_be_learned(
    examples: dict[str, tuple[str, ...]], options: TrainingOptions, tmp_path: Path
) -> None:
    manifest = train(make_corpus(examples), tmp_path, options=options)
    prediction = load_classifier(tmp_path).predict(["hello"])[0]

    assert 0 < manifest.calibration.ask_threshold <= manifest.calibration.threshold < 1
    assert {intent.name for intent in prediction.intents} == set(examples)


def test_a_taught_text_is_answered_even_when_there_are_few(
    options: TrainingOptions, tmp_path: Path
) -> None:
    train(
        make_corpus({"a": ("hello", "hi"), "b": ("refund please", "money back")}),
        tmp_path,
        options=options,
    )

    prediction = load_classifier(tmp_path).predict(["refund please"])[0]

    assert prediction.intents[0].name == "b"
    assert prediction.intents[0].confidence >= prediction.threshold


def test_a_corpus_without_examples_is_refused(options: TrainingOptions, tmp_path: Path) -> None:
    for corpus in (make_corpus({}), make_corpus({"a": ()}, out_of_scope=("tell me a joke",))):
        with pytest.raises(ModelError, match="no example"):
            train(corpus, tmp_path, options=options)


def test_out_of_scope_examples_are_trusted_less(options: TrainingOptions, tmp_path: Path) -> None:
    text = "what is the weather in france"
    train(make_corpus(), tmp_path / "without", options=options)
    train(
        make_corpus(out_of_scope=(text, "cook rice", "tell a joke")),
        tmp_path / "with",
        options=options,
    )

    without, taught = (
        load_classifier(tmp_path / name).predict([text])[0] for name in ("without", "with")
    )

    assert taught.intents[0].confidence < without.intents[0].confidence
    assert taught.intents[0].confidence < taught.threshold


def test_near_misses_lower_the_intent_that_they_do_not_belong_to(
    options: TrainingOptions, tmp_path: Path
) -> None:
    text = "cancel my order"
    corpus = make_corpus()
    intent = replace(corpus.intents[0], near_misses=(Example(text),))
    train(corpus, tmp_path / "without", options=options)
    train(
        replace(corpus, intents=(intent, *corpus.intents[1:])), tmp_path / "with", options=options
    )

    scores = [
        {i.name: i.confidence for i in load_classifier(tmp_path / name).predict([text])[0].intents}
        for name in ("without", "with")
    ]

    assert scores[1]["order_status"] < scores[0]["order_status"]


def test_extras_are_written_into_the_version_before_it_serves(
    options: TrainingOptions, tmp_path: Path
) -> None:
    def index(encoder: Encoder, folder: Path) -> None:
        (folder / "knowledge").mkdir()
        (folder / "knowledge" / "index.json").write_text(str(encoder.description.dimension))

    manifest = train(make_corpus(), tmp_path, options=options, extras=[index])

    assert (ModelRegistry(tmp_path).current() / "knowledge" / "index.json").read_text() == "32"
    assert "knowledge/index.json" in manifest.files


def test_a_training_that_fails_leaves_the_serving_model_alone(
    options: TrainingOptions, model: Path
) -> None:
    before = load_classifier(model).manifest

    def fail(_encoder: Encoder, _folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(make_corpus({"a": ("x y", "z")}), model, options=options, extras=[fail])
    with pytest.raises(EncoderUnavailable):
        train(make_corpus(), model, options=replace(options, encoder=str(model)))

    assert load_classifier(model).manifest == before
    assert sorted(path.name for path in model.iterdir()) == ["current", "versions"]


def test_progress_reaches_the_end_of_every_stage(options: TrainingOptions, tmp_path: Path) -> None:
    progress = Recorded()

    train(make_corpus(), tmp_path, options=options, progress=progress)

    assert [name for name, _, _ in progress.stages] == ["encoder", "examples", "intents"]
    assert all(total in (None, done) for _, total, done in progress.stages)
