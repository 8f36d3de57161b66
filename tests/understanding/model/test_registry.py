from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.understanding.model.classifier import load_classifier, load_encoder
from bot.understanding.model.registry import (
    KEPT_EARLIER,
    KEPT_WAITING,
    ModelRegistry,
    read_manifest,
)
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus


def test_a_version_says_what_it_is(model: Path, options: TrainingOptions) -> None:
    manifest = read_manifest(ModelRegistry(model).current())

    assert manifest.encoder == options.encoder
    assert manifest.intents_hash == "h1"
    assert [entry.name for entry in manifest.intents] == list(EXAMPLES)
    assert len(manifest.encoder_weights) == 64
    assert manifest.settings["examples"] == 18


def test_nothing_in_a_model_is_a_pickle(model: Path) -> None:
    kinds = {path.suffix for path in ModelRegistry(model).current().rglob("*") if path.is_file()}

    assert kinds <= {".json", ".onnx", ".safetensors"}


def test_the_version_before_stays_and_can_serve_again(
    model: Path, options: TrainingOptions
) -> None:
    models = ModelRegistry(model)
    first = load_classifier(model).manifest
    train(make_corpus(hash="again"), model, options=options)

    assert load_classifier(model).manifest.intents_hash == "again"
    models.rollback()

    assert load_classifier(model).manifest == first
    with pytest.raises(ModelError, match="no earlier version"):
        models.rollback()


def test_the_way_back_leads_past_what_never_served_and_what_was_taken_back(
    model: Path, options: TrainingOptions
) -> None:
    models = ModelRegistry(model)
    for n in range(2):
        train(make_corpus(hash=f"again {n}"), model, options=options)
    waiting = _wait(models)
    models.rollback()
    assert load_classifier(model).manifest.intents_hash == "again 0"

    models.promote(waiting.name)
    models.rollback()
    assert load_classifier(model).manifest.intents_hash == "again 0"
    models.rollback()
    assert load_classifier(model).manifest.intents_hash == "h1"


def test_a_version_is_promoted_by_its_folder_or_its_hash(
    model: Path, options: TrainingOptions
) -> None:
    models, first = ModelRegistry(model), ModelRegistry(model).current()
    second = train(make_corpus(hash="again"), model, options=options)
    newer = models.current()

    assert models.promote(first.name) == models.current() == first
    assert models.promote(second.version) == models.current() == newer
    with pytest.raises(ModelError, match=f"no version 'nonsense': known versions: {first.name}, "):
        models.promote("nonsense")
    (first / "head.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        models.promote(first.name)
    assert models.current() == newer


def test_few_versions_stay(model: Path) -> None:
    models = ModelRegistry(model)
    for _ in range(KEPT_EARLIER + 2):
        models.promote(_wait(models).name)
    for _ in range(KEPT_WAITING + 2):
        _wait(models)

    assert models.current() in models.versions()
    assert len(models.versions()) == 1 + KEPT_EARLIER + KEPT_WAITING


def _wait(models: ModelRegistry) -> Path:
    """Add a copy of the current version, which waits to be promoted."""
    current = models.current()
    number = f"{time.monotonic_ns():x}"
    with models.staging() as staged:
        shutil.copytree(current, staged, dirs_exist_ok=True)
        manifest = replace(read_manifest(current), version=number, intents_hash=number)
        return models.add(staged, manifest)


def test_a_model_trained_twice_within_a_second_is_one_version(
    model: Path, options: TrainingOptions
) -> None:
    current = ModelRegistry(model).current()
    manifest = train(make_corpus(), model, options=options)

    assert load_classifier(model).manifest.version == manifest.version
    assert current.is_dir()


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ModelError, match=r"no trained model: run `frontdesk train`"):
            load_classifier(folder)


@pytest.mark.parametrize("pointer", ["", "gone", "../versions", "a/b", "\x00"])
def test_a_pointer_to_no_version_is_refused(model: Path, pointer: str) -> None:
    (model / "current").write_text(pointer)

    with pytest.raises(ModelError, match="frontdesk train"):
        load_classifier(model)


def names(model: Path) -> list[str]:
    version = ModelRegistry(model).current()
    return [path.name for path in sorted(version.iterdir())]


def test_every_file_that_is_cut_short_or_missing_is_noticed(model: Path) -> None:
    version = ModelRegistry(model).current()
    for name in names(model):
        path = version / name
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(ModelError, match=r"frontdesk train"):
            load_classifier(model)
        path.unlink()
        with pytest.raises(ModelError, match=r"missing.*frontdesk train"):
            load_encoder(model)
        path.write_bytes(content)
    assert load_classifier(model).predict(["hello"])


def test_one_changed_byte_is_noticed(model: Path) -> None:
    path = ModelRegistry(model).current() / "head.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    with pytest.raises(ModelError, match="damaged"):
        load_classifier(model)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "model format 99"),
        ({"surprise": 1}, "cannot be read"),
        ({"calibration": {}}, "cannot be read"),
        ({"files": None}, "cannot be read"),
    ],
)
def test_a_manifest_of_another_version_is_refused(
    model: Path, change: dict[str, object], message: str
) -> None:
    path = ModelRegistry(model).current() / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(ModelError, match=message):
        load_classifier(model)


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()

    with pytest.raises(ModelError, match="is not a model folder"):
        load_classifier(tmp_path)
