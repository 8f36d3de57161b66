"""The model registry: a folder of versions, and a pointer to the serving one.

    model/
      current                 name of the serving version; replaced atomically
      earlier                 names of the versions that served before, for rollback
      versions/
        20260801T101500-4f1a0b2c9d3e/
          manifest.json       description, thresholds, SHA-256 of every other file
          encoder.onnx tokenizer.json encoder.json
          head.safetensors examples.safetensors examples.json words.json english.json
          held_out.safetensors held_out.json
          multilingual/       a second encoder, and the head and examples over it
          ...                 whatever else belongs to the version, e.g. the article index

A version is written under a temporary name and renamed when complete; the pointer moves last.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.errors import ModelError
from bot.files.private_files import hand_over, private_folder, protect_tree
from bot.files.shared_files import file_sha256
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.comparison import Comparison
from bot.understanding.model.pointer import CURRENT, Pointer

FORMAT = 2
KEPT_EARLIER = 2
"""Number of versions kept that served before the serving one."""

KEPT_WAITING = 2
"""Number of versions kept that never served, the newest ones."""

_MANIFEST = "manifest.json"
_VERSIONS = "versions"
_STAGING = ".staging-"
_ABANDONED_AFTER = 24 * 3600.0
_REMEDY = "run `frontdesk train`"


@dataclass(frozen=True, slots=True)
class ModelIntent:
    """One class of a model, with what predictions need to know of its intent."""

    name: str
    label: str
    personal: bool
    draft: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a model version.

    Attributes:
        version: Short hash over the content of all files; equal models have equal versions.
        created: ISO 8601, UTC.
        frontdesk: Version of Frontdesk that trained it.
        encoder: Name of the encoder in config.
        encoder_key: Key of the encoder; equal keys give equal embeddings.
        encoder_weights: SHA-256 over the encoder's pre-trained weights.
        intents_hash: Hash of the corpus that it was trained on.
        intents: The classes, in order; a further class of the head means "out of scope".
        settings: How it was trained: seed, full or quick, number of examples.
        files: SHA-256 of every other file, by its path within the version.
        accuracy: Cross-validated accuracy on the examples; None when none could be judged.
        trained_by: Who or what started the training: `cli:USER`, `serve` ...; empty if unknown.
        comparison: For a full training: the quick model first, this one second; None if they
            were not compared.
        multilingual: Calibration of the multilingual encoder; None if there is none.
    """

    version: str
    created: str
    frontdesk: str
    encoder: str
    encoder_key: str
    encoder_weights: str
    intents_hash: str
    intents: tuple[ModelIntent, ...]
    calibration: Calibration
    settings: Mapping[str, Any]
    files: Mapping[str, str]
    accuracy: float | None = None
    trained_by: str = ""
    comparison: Comparison | None = None
    multilingual: Calibration | None = None
    format: int = FORMAT

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Manifest:
        """Build a manifest from the output of `asdict`."""
        intents = tuple(ModelIntent(**entry) for entry in document.pop("intents"))
        calibration = Calibration(**document.pop("calibration"))
        files = dict(document.pop("files"))
        compared = document.pop("comparison", None)
        comparison = Comparison(**compared) if compared else None
        other = document.pop("multilingual", None)
        multilingual = Calibration(**other) if other else None
        return cls(
            intents=intents,
            calibration=calibration,
            files=files,
            comparison=comparison,
            multilingual=multilingual,
            **document,
        )


class ModelRegistry:
    """The model folder that config's `model:` names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = Pointer(path)

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """Yield an empty folder to write a version into; it is removed unless it is added."""
        if is_model_folder(self.path):
            protect_tree(self.path)  # versions of Frontdesk 0.1 were world-readable
        private_folder(self.path)
        self._remove_abandoned()
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=self.path) as temporary:
            folder = Path(temporary) / "version"
            folder.mkdir()
            yield folder

    def publish(self, staged: Path, manifest: Manifest) -> Path:
        """Add a staged version, and promote it.

        Returns:
            The version's folder.
        """
        target = self.add(staged, manifest)
        self._pointer.move(target.name)
        self._prune()
        return target

    def add(self, staged: Path, manifest: Manifest) -> Path:
        """Add a staged version without promoting it; `promote` does that.

        Returns:
            The version's folder.
        """
        text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
        (staged / _MANIFEST).write_text(text + "\n", encoding="utf-8")
        protect_tree(staged)
        stamp = "".join(c for c in manifest.created.split(".")[0].split("+")[0] if c.isalnum())
        target = self.path / _VERSIONS / f"{stamp}-{manifest.version}"
        private_folder(target.parent)
        hand_over(target.parent, self.path)
        try:
            read_manifest(target)
            shutil.rmtree(staged)  # the same model, trained twice within a second
        except ModelError:
            shutil.rmtree(target, ignore_errors=True)
            hand_over(staged, self.path)
            staged.rename(target)
        self._prune(target.name)
        return target

    def current(self) -> Path:
        """Return the folder of the serving version.

        Raises:
            ModelError: There is none.
        """
        name = self._pointer.read()
        folder = self.path / _VERSIONS / name
        if name and Path(name).name == name and folder.is_dir():
            return folder
        if self._pointer.read() != name:  # replaced and removed meanwhile
            return self.current()
        raise ModelError(f"{self.path}: version {name!r} is missing: {_REMEDY}")

    def versions(self) -> tuple[Path, ...]:
        """Return the folders of all versions, the oldest first."""
        found = (self.path / _VERSIONS).glob("*") if (self.path / _VERSIONS).is_dir() else ()
        return tuple(sorted((path for path in found if path.is_dir()), key=_age))

    def promote(self, version: str) -> Path:
        """Make a version the serving one, see `find`; return its folder.

        Raises:
            ModelError: There is no such version, or it is damaged.
        """
        target = self.find(version)
        read_manifest(target)
        self._pointer.move(target.name)
        return target

    def find(self, version: str) -> Path:
        """Return the folder of a version.

        Args:
            version: Its name, or the hash at the end of its name.

        Raises:
            ModelError: There is no such version.
        """
        names = [path.name for path in self.versions()]
        if version not in names:
            found = [name for name in names if name.rpartition("-")[2] == version]
            if not found:
                known = ", ".join(names) or "none"
                raise ModelError(f"{self.path}: no version {version!r}: known versions: {known}")
            version = found[-1]
        return self.path / _VERSIONS / version

    def rollback(self) -> Path:
        """Make the previously serving version the serving one again.

        Raises:
            ModelError: There is none.
        """
        self.current()
        names = {path.name for path in self.versions()}
        earlier = [name for name in self._pointer.earlier() if name in names]
        if not earlier:
            raise ModelError(f"{self.path}: there is no earlier version: {_REMEDY}")
        target = self.path / _VERSIONS / earlier[-1]
        read_manifest(target)
        self._pointer.move_back(target.name)
        return target

    def _prune(self, newest: str = "") -> None:
        """Remove surplus versions, but never the newest, which is about to be promoted."""
        serving: set[str] = set()
        with contextlib.suppress(ModelError):  # no version is serving yet
            serving = {self.current().name, *self._pointer.earlier()[-KEPT_EARLIER:]}
        waiting = [path for path in self.versions() if path.name not in serving]
        surplus = max(len(waiting) - KEPT_WAITING, 0)
        for path in [path for path in waiting if path.name != newest][:surplus]:
            shutil.rmtree(path, ignore_errors=True)

    def _remove_abandoned(self) -> None:
        """Remove staging folders of trainings that were killed."""
        oldest = time.time() - _ABANDONED_AFTER
        for path in self.path.glob(f"{_STAGING}*"):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)


def is_model_folder(folder: Path) -> bool:
    """Return whether a folder is a model folder, so that all of its files are Frontdesk's."""
    return (folder / CURRENT).is_file() or (folder / _VERSIONS).is_dir()


def read_manifest(version: Path) -> Manifest:
    """Read the manifest of a version, and verify the version's files.

    Raises:
        ModelError: It is not a model, is damaged, or has another format.
    """
    try:
        document = json.loads((version / _MANIFEST).read_text(encoding="utf-8"))
        found = document["format"]
        if found != FORMAT:
            raise ModelError(
                f"{version}: model format {found}, this Frontdesk reads {FORMAT}: {_REMEDY}"
            )
        manifest = Manifest.from_json(document)
    except FileNotFoundError as error:
        raise ModelError(f"{version}: is not a model, {_MANIFEST} is missing: {_REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{version / _MANIFEST}: cannot be read ({error}): {_REMEDY}") from error
    for name, expected in manifest.files.items():
        path = version / name
        if not path.is_file():
            raise ModelError(f"{path}: is missing from the model: {_REMEDY}")
        if file_sha256(path) != expected:
            raise ModelError(f"{path}: is damaged (SHA-256 differs from the manifest): {_REMEDY}")
    return manifest


def _age(version: Path) -> tuple[str, int]:
    """Return the sort key of a version: the timestamp in its name, then its modification time."""
    return version.name.partition("-")[0], version.stat().st_mtime_ns


def file_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path within the folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in paths}
