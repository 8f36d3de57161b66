"""Promises outlive the model that they were tested on: the next one is put to the same test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.errors import ModelError
from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.evaluation.predictions import outcomes, traffic
from bot.understanding.model.classifier import load_version
from bot.understanding.model.error_bound import Traffic
from bot.understanding.model.registry import ModelFolder, read_manifest
from bot.understanding.training.reuse import learned_the_same


def keep_promises(version: Path, labelled: Sequence[LabelledText], serving: Path | None) -> None:
    """Note what a new version makes of labelled messages, before it serves.

    Without any, what the serving version made of messages stands where both decide alike; else
    nothing can be promised until somebody runs `frontdesk eval --calibrate`.

    Args:
        version: Folder of the new version.
        labelled: Messages of customers; labels that are no intents mean "none of ours".
        serving: Folder of the version that serves, if one does.
    """
    if labelled:
        classifier = load_version(version)
        judged = outcomes(classifier, labelled, None)
        traffic(judged, classifier.manifest).write(version)
    elif serving is not None and (known := _inherited(version, serving)) is not None:
        known.write(version)


def kept_traffic(model: Path) -> Traffic | None:
    """Return what the serving version made of labelled messages; None when none can serve.

    Args:
        model: The model folder.
    """
    try:
        return Traffic.read(ModelFolder(model).current()) or Traffic.none()
    except ModelError:
        return None


def _inherited(version: Path, serving: Path) -> Traffic | None:
    try:
        known = Traffic.read(serving)
        if known and learned_the_same(read_manifest(version), read_manifest(serving)):
            return known
    except ModelError:  # the serving version is damaged, or was removed meanwhile
        pass
    return None
