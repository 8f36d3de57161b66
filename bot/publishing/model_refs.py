"""Resolves a reference to a model: a model folder, a version, intent files, or a Git revision."""

from __future__ import annotations

import subprocess
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import which

from bot.config.schema import Config
from bot.errors import FrontdeskError, ModelError
from bot.publishing.traffic import training_corpus
from bot.publishing.train import training_options
from bot.understanding.intents import load_intents
from bot.understanding.intents.folder import yaml_files
from bot.understanding.model.classifier import IntentClassifier, load_classifier, load_version
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.progress import Progress
from bot.understanding.training.train import train
from bot.yamlfile import MAX_BYTES

_TIMEOUT = 60.0
_SUFFIXES = (".yaml", ".yml")


def open_model(name: str, config: Config, workspace: Path, progress: Progress) -> IntentClassifier:
    """Load the model that a reference names, or train it quickly.

    Args:
        name: A model folder, the folder or name of one of its versions, a folder of intent files,
            or a Git revision that contains the configured one.
        config: Of the bot.
        workspace: Folder for what is trained; created when needed.
        progress: Receives training progress.

    Raises:
        FrontdeskError: The reference cannot be resolved, or its target cannot be used.
    """
    policy, path = config.classifier.policy, Path(name)
    if (path / "current").is_file():
        return load_classifier(path, policy=policy)
    if (path / "manifest.json").is_file():
        return load_version(path, policy=policy)
    if path.is_dir() and list(yaml_files(path)):
        return _trained(path, config, workspace, progress)
    for version in ModelRegistry(config.model).versions():
        if name in (version.name, version.name.rpartition("-")[2]):
            return load_version(version, policy=policy)
    _extract(name, config.intents, workspace / "intents")
    return _trained(workspace / "intents", config, workspace, progress)


def _trained(
    intents: Path, config: Config, workspace: Path, progress: Progress
) -> IntentClassifier:
    """Train on a folder of intents, reusing embeddings of the serving model."""
    loaded = load_intents(intents, default_language=config.language.default)
    corpus = training_corpus(config, loaded)
    try:
        serving = ModelRegistry(config.model).current()
    except ModelError:  # nothing to reuse
        serving = None
    options = replace(training_options(config), reuse=serving, known=config.model)
    train(corpus, workspace / "model", options=options, progress=progress)
    return load_classifier(workspace / "model", policy=config.classifier.policy)


def _extract(revision: str, intents: Path, into: Path) -> None:
    """Write the intent files of a Git revision into a separate folder.

    Only regular files directly in the intents folder are extracted, under their base names, so
    that nothing in a repository can cause writes elsewhere.
    """
    where = intents if intents.is_dir() else intents.parent
    top = _git(where, revision, "rev-parse", "--show-toplevel").decode().strip()
    # `--end-of-options`: a revision that starts with a dash is not parsed as an option.
    sha = _git(
        where, revision, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"
    )
    try:
        folder = intents.resolve().relative_to(Path(top).resolve())
    except ValueError as error:
        raise _unknown(revision) from error
    tar = _git(Path(top), revision, "archive", sha.decode().strip(), "--", folder.as_posix())
    into.mkdir(parents=True)
    with tarfile.open(fileobj=BytesIO(tar)) as archive:
        for member in archive:
            place = PurePosixPath(member.name)
            wanted = member.isfile() and place.suffix in _SUFFIXES and member.size <= MAX_BYTES
            content = archive.extractfile(member) if wanted else None
            if content is not None and place.parent == PurePosixPath(folder.as_posix()):
                (into / place.name).write_bytes(content.read())


def _git(folder: Path, revision: str, *arguments: str) -> bytes:
    git = which("git")
    if git is None:
        raise _unknown(revision)
    try:
        done = subprocess.run(  # noqa: S603 - git, with a revision that cannot be an option
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            timeout=_TIMEOUT,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise _unknown(revision) from error
    return done.stdout


def _unknown(name: str) -> FrontdeskError:
    return FrontdeskError(
        f"{name}: neither a model folder, a version (`frontdesk models` lists them), a folder of "
        "intent files, nor a Git revision that contains them"
    )
