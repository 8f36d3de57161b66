"""Names of people are found by a model beside the rules where config names one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from bot.app.preload import load_names
from bot.config.schema import Config, load_config
from bot.errors import ModelError
from bot.operations.diagnostics import check_names
from bot.privacy import Pseudonyms
from bot.privacy.recognisers.names_model import use_names_model

TEXT = "Why does Ruoho never get an answer?"


@pytest.fixture(autouse=True)
def rules_alone() -> Iterator[None]:
    yield
    use_names_model(None)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A spaCy pipeline that takes Ruoho for a person, and Rose, and a town."""
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    names = ("Ruoho", "Rose", "Tampere")
    ruler.add_patterns([{"label": "PERSON", "pattern": name} for name in names])  # type: ignore[attr-defined]
    pipeline.to_disk(tmp_path / "model")
    return tmp_path / "model"


def config_with(folder: Path, privacy: str) -> Config:
    (folder / "config.yaml").write_text(f"privacy: {{{privacy}}}\n", encoding="utf-8")
    return load_config(folder / "config.yaml", {})


def test_names_are_found_with_the_model_that_config_names(tmp_path: Path, model: Path) -> None:
    config = config_with(tmp_path, "names_model: model")

    assert Pseudonyms().hide(TEXT) == TEXT
    load_names(config.privacy.names_model)
    assert Pseudonyms().hide(TEXT) == "Why does [PERSON_1] never get an answer?"
    assert check_names(config).state == "ok"
    assert check_names(config).found.endswith(f"by rules and by {model}")


@pytest.mark.parametrize(
    "text",
    ["Is the Rose jacket warm?", "Is the shop in Tampere open?", "Warum bekommt Ruoho nichts?"],
)
def test_products_places_and_other_languages_are_left_to_the_rules(model: Path, text: str) -> None:
    load_names(model)

    assert Pseudonyms().hide(text) == text


def test_without_a_model_the_doctor_says_that_rules_serve_alone(tmp_path: Path) -> None:
    config = config_with(tmp_path, "")

    assert check_names(config).found == "names of people are found by rules alone"


def test_a_folder_that_is_no_model_is_refused_with_its_remedy(tmp_path: Path) -> None:
    config = config_with(tmp_path, "names_model: nowhere")

    with pytest.raises(ModelError, match="nowhere: is no spaCy pipeline"):
        load_names(config.privacy.names_model)
    assert check_names(config).state == "fail"
