"""Full training: fine-tunes the encoder's upper layers on the intents, with torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.cache import export_key
from bot.understanding.encoders.export.export import export_encoder
from bot.understanding.encoders.pretrained import load_pretrained, on_one_core
from bot.understanding.encoders.source import find_encoder
from bot.understanding.model.neighbours import by_intent
from bot.understanding.training.dataset import TrainingRows
from bot.understanding.training.finetune_loop import TEMPERATURE, FineTuning, Recipe
from bot.understanding.training.held_out import K_SHARES, FineTuned
from bot.understanding.training.progress import Progress
from bot.understanding.training.upper_layers import fork

if TYPE_CHECKING:
    from torch import nn

JUDGED = 2
"""Number of folds that are predicted by layers tuned on the others, to calibrate and compare the
mixed head. Each one takes as long as the fine-tuning itself."""


def finetune(
    rows: TrainingRows,
    folds: NDArray[np.int64],
    staged: Path,
    encoder: str,
    *,
    home: Path | None = None,
    seed: int,
    progress: Progress,
    recipe: Recipe | None = None,
) -> FineTuned:
    """Fine-tune a copy of an encoder's upper layers, and export both into a model version.

    Args:
        rows: The training rows.
        folds: The fold of each row, see `judged_folds`.
        staged: Folder for the encoder's files.
        encoder: The encoder to start from: `embedded`, `accurate`, a folder, or a hub id.
        home: Folder of config.yaml, see `find_encoder`.
        seed: Seed of the order of examples and of dropout.
        progress: Advances by one with every step.
        recipe: Hyperparameters; None: the defaults.

    Raises:
        EncoderUnavailable: The encoder, torch or transformers is not available.
    """
    source = find_encoder(encoder, home)
    pretrained = load_pretrained(source)
    judged = range(folds.max(initial=-1) + 1)
    taught = [np.flatnonzero(folds != fold) for fold in judged] + [np.arange(len(folds))]
    held = np.zeros((len(folds), rows.targets.n_classes), dtype=np.float32)
    nearest = np.zeros((len(K_SHARES), len(folds), rows.n_intents), dtype=np.float32)
    with on_one_core():
        tuning = FineTuning(rows, pretrained, recipe or Recipe(), seed, progress)
        progress.stage("fine-tuning", sum(map(tuning.steps, taught)))
        for fold, others in zip(judged, taught, strict=False):
            own = np.flatnonzero(folds == fold)
            branch, layer = tuning.tune(others)
            held[own], nearest[:, own] = _judge(rows, own, others, tuning.vectors(branch), layer)
        branch, layer = tuning.tune(taught[-1])
        vectors = tuning.vectors(branch)
    progress.stage("export", None)
    export_encoder(
        replace(pretrained, network=fork(pretrained, branch)),
        staged,
        name=encoder,
        key=export_key(source.key),
        weights_sha256=source.weights_sha256,
    )
    return FineTuned(*_weights(layer), vectors, folds >= 0, held, nearest)


def _judge(
    rows: TrainingRows,
    own: NDArray[np.int64],
    others: NDArray[np.int64],
    vectors: NDArray[np.float32],
    layer: nn.Linear,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return logits and nearness of held-out rows, see `FineTuned`, by layers tuned on the others.

    Args:
        rows: The training rows.
        own: Indices of the held-out rows.
        others: Indices of the rows that the layers were tuned on.
        vectors: Embeddings of all rows by the tuned layers.
        layer: The classification layer over them.
    """
    weights, bias = _weights(layer)
    shown = others[~rows.targets.misses[others]]
    labels = rows.targets.labels[shown]
    nearest = by_intent(vectors[own] @ vectors[shown].T, labels, rows.n_intents, K_SHARES)
    return vectors[own] @ weights + bias, nearest


def _weights(layer: nn.Linear) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights and bias of a classification layer, applied to unit vectors."""
    weights, bias = (parameter.detach().numpy() for parameter in (layer.weight, layer.bias))
    return np.ascontiguousarray(weights.T, dtype=np.float32) / np.float32(TEMPERATURE), bias.copy()


def judged_folds(folds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the folds that full training holds out, -1 for all other rows, same shape."""
    return np.where(folds < JUDGED, folds, -1)
