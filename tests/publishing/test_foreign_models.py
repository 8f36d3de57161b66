"""Model folders that another Frontdesk wrote, over another encoder, or that were put together."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load, save
from structlog.testing import capture_logs

from bot.config.schema import Config
from bot.errors import ModelError
from bot.publishing.bundle import load_bundle
from bot.publishing.train import train_everything
from bot.understanding.model.registry import ModelRegistry, file_sums
from tests.publishing.bundles import small_desk
from tests.understanding.tiny import make_bert

ARTICLE = "# Rental\n\nA tent for two costs 9 euro a day.\n"
NONSENSE = ("", "{}", "null", "[1]")


def trained(folder: Path, hidden: int) -> Config:
    """A trained desk with two encoders, which have as many dimensions as asked for."""
    config = small_desk(folder)
    (config.intents / "knowledge").mkdir()
    (config.intents / "knowledge" / "rental.md").write_text(ARTICLE)
    encoders = {
        "encoder": str(make_bert(folder / "one", hidden=hidden)),
        "multilingual": str(make_bert(folder / "many", hidden=2 * hidden, layers=1)),
    }
    classifier = config.classifier.model_copy(update=encoders)
    config = config.model_copy(update={"classifier": classifier})
    train_everything(config)
    return config


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return trained(tmp_path_factory.mktemp("desk"), 16)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version over other encoders."""
    config = trained(tmp_path_factory.mktemp("other"), 32)
    return ModelRegistry(config.model).current()


@pytest.fixture
def copied(desk: Config, tmp_path: Path) -> Config:
    """The desk, with a copy of its model."""
    shutil.copytree(desk.model, tmp_path / "model")
    return desk.model_copy(update={"model": tmp_path / "model"})


def put(config: Config, name: str, content: bytes | None) -> None:
    """Change a file of the version that serves, or remove it; the manifest agrees."""
    version = ModelRegistry(config.model).current()
    (version / name).unlink(missing_ok=True)
    if content is not None:
        (version / name).write_bytes(content)
    manifest = json.loads((version / "manifest.json").read_text())
    sums = file_sums(version)
    del sums["manifest.json"]
    (version / "manifest.json").write_text(json.dumps(manifest | {"files": sums}))


def variants(path: Path, other: Path) -> Iterator[bytes | None]:
    """Yield what else a file may be: gone, cut short, of another kind, or another model's."""
    content = path.read_bytes()
    yield None
    yield content[: len(content) // 2]
    yield from (each.encode() for each in NONSENSE if path.suffix != ".yaml")
    if path.suffix == ".safetensors":
        tensors = load(content)
        yield from (shortened(tensors, name) for name in tensors)
    if other.is_file():
        yield other.read_bytes()


def shortened(tensors: dict[str, NDArray[np.generic]], name: str) -> bytes:
    return bytes(save({**tensors, name: tensors[name][:-1].copy()}))


def ask(config: Config) -> None:
    classifier = load_bundle(config).classifier
    classifier.predict(["where is my order", "wo ist meine bestellung"], ["en", "de"])
    classifier.nearest("hello")


def learn(config: Config, reuse: Path | None = None) -> None:
    train_everything(config, publish=False, reuse=reuse)


NAMES = (
    "encoder.json",
    "encoder.onnx",
    "english.json",
    "examples.json",
    "examples.safetensors",
    "head.safetensors",
    "intents/shop.yaml",
    "knowledge/passages.json",
    "multilingual/encoder.json",
    "multilingual/encoder.onnx",
    "multilingual/examples.json",
    "multilingual/examples.safetensors",
    "multilingual/head.safetensors",
    "multilingual/words.json",
    "tokenizer.json",
    "words.json",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_does_not_fit_is_refused_with_the_remedy_and_training_goes_on(
    copied: Config, other: Path, name: str
) -> None:
    original = ModelRegistry(copied.model).current() / name
    refused = 0
    for content in list(variants(original, other / name)):
        put(copied, name, content)
        refused += _refused(lambda: ask(copied))
        # Its encoder is taken over without a look into it: for speed, and `train` mends that.
        serving = ModelRegistry(copied.model).current()
        _refused(partial(learn, copied, reuse=serving))
        learn(copied)
    assert refused >= 2


def _refused(call: Callable[[], None]) -> bool:
    """Tell whether a call is refused with the remedy; what can be used despite all may pass."""
    try:
        call()
    except ModelError as error:
        assert "frontdesk train" in str(error)  # noqa: PT017 - not every call raises
        return True
    return False


def test_training_over_an_unusable_model_says_so_and_embeds_anew(copied: Config) -> None:
    put(copied, "multilingual/examples.json", None)
    with capture_logs() as logged:
        train_everything(copied)
    (line,) = logged
    assert line["event"] == "serving_version_not_reused"
    assert "multilingual: its examples cannot be read" in line["reason"]
    ask(copied)


@pytest.mark.parametrize("found", [1, 99, "2", None])
def test_training_over_another_format_begins_anew(copied: Config, found: object) -> None:
    path = ModelRegistry(copied.model).current() / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": found}))
    with pytest.raises(ModelError, match="this Frontdesk reads 2: run `frontdesk train`"):
        ask(copied)
    train_everything(copied)
    ask(copied)
