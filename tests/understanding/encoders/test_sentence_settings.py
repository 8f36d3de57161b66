"""What an encoder's folder says about prefixes and pooling, and what is done about it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from bot.errors import EncoderUnavailable
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.pretrained import load_pretrained
from bot.understanding.encoders.sentence_settings import sentence_settings
from bot.understanding.encoders.source import find_encoder
from bot.understanding.training.dataset import training_rows
from bot.understanding.training.finetune import finetune
from bot.understanding.training.finetune_loop import Recipe
from bot.understanding.training.progress import NoProgress
from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import make_bert, make_corpus, write_pooling

BOTH = {"query": "where ", "passage": "track "}


def write_prompts(folder: Path, prompts: object, default: str | None = None) -> None:
    settings = {"prompts": prompts, "default_prompt_name": default}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings))


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that wants its messages and its passages marked."""
    folder = make_bert(tmp_path_factory.mktemp("prefixed"))
    write_prompts(folder, BOTH)
    return folder


@pytest.fixture(scope="module")
def encoder(prefixed: Path, cache: Path) -> Encoder:
    return load_encoder_files(exported_encoder(str(prefixed), cache))


@pytest.fixture(scope="module")
def plain(bert: Path, cache: Path) -> Encoder:
    """The same weights without prefixes."""
    return load_encoder_files(exported_encoder(str(bert), cache))


@pytest.mark.parametrize(
    ("prompts", "default", "message", "passage"),
    [
        ({"query": "query: ", "passage": "passage: "}, None, "query: ", "passage: "),
        ({"search_query": "q: ", "search_document": "d: "}, None, "q: ", "d: "),
        ({"Classification": "c: ", "query": "q: ", "document": "d: "}, None, "c: ", "d: "),
        ({"query": "Represent this sentence: "}, None, "", ""),
        ({"query": "q: ", "document": ""}, None, "", ""),
        ({"any": "a: "}, "any", "a: ", "a: "),
        ({}, None, "", ""),
        (None, None, "", ""),
    ],
)
def test_the_prefixes_are_those_that_the_folder_names(
    prompts: object, default: str | None, message: str, passage: str, tmp_path: Path
) -> None:
    write_prompts(tmp_path, prompts, default)

    found = sentence_settings(tmp_path, "acme/encoder")

    assert (found.prefix, found.passage_prefix) == (message, passage)


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("intfloat/multilingual-e5-small", "query: "),
        ("encoders/e5-base-v2", "query: "),
        ("intfloat/multilingual-e5-large-instruct", ""),
        ("acme/some5-small", ""),
    ],
)
def test_e5_encoders_need_prefixes_though_their_folders_do_not_say_so(
    name: str, prefix: str, tmp_path: Path
) -> None:
    assert sentence_settings(tmp_path, name).prefix == prefix


def test_messages_and_passages_are_embedded_after_their_prefixes(
    encoder: Encoder, plain: Encoder
) -> None:
    message, passage = plain.embed(["where is my order", "track is my order"])

    assert encoder.embed(["is my order"])[0] == pytest.approx(message, abs=1e-2)
    assert encoder.embed(["is my order"], passages=True)[0] == pytest.approx(passage, abs=1e-2)
    assert np.abs(message - passage).max() > 0.05


def test_a_prefix_counts_for_no_known_word(encoder: Encoder) -> None:
    assert encoder.read(["订单"]).known[0] == 0
    assert encoder.whole("hello") == {(0, 0), (0, 5)}


def test_fine_tuning_reads_the_prefix_too(prefixed: Path, tmp_path: Path) -> None:
    rows = training_rows(make_corpus())
    folds, recipe = np.full(len(rows.texts), -1), Recipe(epochs=1, steps=5, epochs_at_most=2)
    head = finetune(
        rows, folds, tmp_path, str(prefixed), seed=0, progress=NoProgress(), recipe=recipe
    )
    tuned = load_encoder_files(tmp_path).read(rows.texts).tuned

    assert tuned is not None
    assert (head.vectors * tuned).sum(axis=1).min() > 0.98


def test_the_same_weights_with_other_prefixes_have_another_key(bert: Path, tmp_path: Path) -> None:
    named = shutil.copytree(bert, tmp_path / "e5-small")

    assert find_encoder(str(named)).key != find_encoder(str(bert)).key


def test_prefixes_that_are_no_texts_are_an_error(tmp_path: Path) -> None:
    write_prompts(tmp_path, ["query: "])

    with pytest.raises(EncoderUnavailable, match="no mapping of names to texts"):
        sentence_settings(tmp_path, "acme/encoder")


@pytest.mark.slow
def test_an_encoder_whose_pooling_is_not_specified_is_warned_about(
    cache: Path, tmp_path: Path
) -> None:
    folder = make_bert(tmp_path / "bare")
    shutil.rmtree(folder / "1_Pooling")
    options = TrainingOptions(encoder=str(folder), cache=cache)

    with capture_logs() as logs:
        train(make_corpus(), tmp_path / "model", options=options)

    warnings = [line for line in logs if line["event"] == "encoder_pooling_assumed"]
    assert len(warnings) == 1
    assert warnings[0]["encoder"] == str(folder)
    assert "has no 1_Pooling/config.json" in warnings[0]["reason"]


@pytest.mark.slow
def test_an_encoder_that_specifies_its_pooling_is_not_warned_about(
    options: TrainingOptions, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        train(make_corpus(), tmp_path / "model", options=options)

    assert not [line for line in logs if line["event"] == "encoder_pooling_assumed"]


@pytest.mark.parametrize(
    ("settings", "pooling"),
    [
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": ["mean"]}, "mean"),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_cls_token": True, "include_prompt": True}, "cls"),
    ],
)
def test_pooling_is_what_the_folder_names(
    settings: dict[str, object], pooling: str, tmp_path: Path
) -> None:
    write_pooling(tmp_path, **settings)

    found = sentence_settings(tmp_path, "acme/encoder")

    assert (found.pooling, found.pooling_assumed) == (pooling, False)


@pytest.mark.parametrize(
    "settings",
    [
        {"pooling_mode_max_tokens": True},
        {"pooling_mode": "lasttoken"},
        {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True},
    ],
)
def test_pooling_that_is_not_supported_is_refused(
    settings: dict[str, object], tmp_path: Path
) -> None:
    write_pooling(make_bert(tmp_path), **settings)

    with pytest.raises(EncoderUnavailable, match=r"1_Pooling/config.json: pooling by .* mean or"):
        find_encoder(str(tmp_path))


def test_damaged_settings_are_named(tmp_path: Path) -> None:
    make_bert(tmp_path)
    (tmp_path / "1_Pooling" / "config.json").write_text("{")

    with pytest.raises(EncoderUnavailable, match="cannot be read"):
        load_pretrained(find_encoder(str(tmp_path)))
