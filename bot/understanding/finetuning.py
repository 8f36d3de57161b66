"""Full training: the encoder itself learns the intents, end to end, with transformers and torch."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder_source import find_encoder
from bot.understanding.export import export_encoder
from bot.understanding.lessons import Lessons
from bot.understanding.pretrained import Pretrained, load_pretrained
from bot.understanding.progress import Progress
from bot.understanding.text import normalise

if TYPE_CHECKING:
    from torch import Tensor, nn

JUDGED = 0.1
"""Share of the examples kept from the encoder, for calibration to judge by."""

_TEMPERATURE = 0.1
"""Of both losses: unit vectors are at most 1 apart, too little for a confident softmax."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is tuned.

    Attributes:
        epochs: Least number of times that every example is seen.
        steps: Least number of steps; small corpora are seen more often.
        batch: Examples per step.
        rate: Highest learning rate of the encoder; it rises over the first tenth of the steps
            and then falls to zero.
        head_rate: The same for the classification layer, which starts from nothing.
        contrast: Share of the supervised contrastive loss; the rest is cross-entropy.
    """

    epochs: int = 4
    steps: int = 400
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 5e-3
    contrast: float = 0.5


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Tokens and labels of the rows to tune on."""

    tokens: Sequence[Sequence[int]]
    labels: NDArray[np.int64]
    pad_token: int

    def batch(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Return padded token ids, the attention mask and the labels of some rows."""
        import torch

        longest = max(len(self.tokens[row]) for row in rows)
        ids = torch.full((len(rows), longest), self.pad_token, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for position, row in enumerate(rows):
            length = len(self.tokens[row])
            ids[position, :length] = torch.tensor(self.tokens[row])
            mask[position, :length] = 1
        return ids, mask, torch.tensor(self.labels[rows])


def finetune(
    rows: Lessons,
    folds: NDArray[np.int64],
    staged: Path,
    encoder: str,
    *,
    seed: int,
    progress: Progress,
    recipe: Recipe | None = None,
) -> NDArray[np.int64]:
    """Tune an encoder on a corpus and export it into a model version.

    Args:
        rows: What to learn.
        folds: As quick training would judge, see `assign_folds`.
        staged: Where the encoder's files go.
        encoder: `embedded`, a folder, or a hub id: where to start from.
        seed: Of the order of examples, of dropout and of the classification layer.
        progress: Is told of every step.
        recipe: How to tune; None: the defaults.

    Returns:
        Folds that keep to rows which the tuned encoder has not seen: 0 for those, else -1.

    Raises:
        EncoderUnavailable: The encoder, torch or transformers cannot be had.
    """
    recipe = recipe or Recipe()
    source = find_encoder(encoder)
    pretrained = load_pretrained(source)
    judged = _judged(folds, seed)
    learned = np.flatnonzero(~judged & ~rows.targets.misses)
    encodings = pretrained.tokenizer.encode_batch([normalise(rows.texts[i]) for i in learned])
    lesson = _Lesson(
        [encoding.ids for encoding in encodings],
        rows.targets.labels[learned],
        pretrained.pad_token,
    )
    _tune(pretrained, lesson, rows.targets.n_classes, recipe, seed, progress)
    progress.stage("export", None)
    key = hashlib.sha256(f"{source.key}:{_digest(pretrained.network)}".encode()).hexdigest()
    export_encoder(pretrained, staged, name=encoder, key=key, weights_sha256=source.weights_sha256)
    return np.where(judged, 0, -1)


def _judged(folds: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """Choose the rows that the encoder must not see."""
    able = np.flatnonzero(folds >= 0)
    chosen = np.random.default_rng(seed).permutation(able)[: math.ceil(JUDGED * len(able))]
    return np.isin(np.arange(len(folds)), chosen)


def _tune(
    pretrained: Pretrained,
    lesson: _Lesson,
    n_classes: int,
    recipe: Recipe,
    seed: int,
    progress: Progress,
) -> None:
    """Tune the network in place."""
    import torch

    batches = list(_batches(len(lesson.labels), recipe, seed))
    progress.stage("fine-tuning", len(batches))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layer = torch.nn.Linear(pretrained.dimension, n_classes)
        network = pretrained.network.train()
        optimiser = torch.optim.AdamW(
            [
                {"params": network.parameters(), "lr": recipe.rate},
                {"params": layer.parameters(), "lr": recipe.head_rate},
            ],
            weight_decay=0.01,
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: _pace(step, len(batches))
        )
        for rows in batches:
            ids, mask, labels = lesson.batch(rows)
            vectors, _ = network(ids, mask)
            loss = _loss(vectors, layer(vectors / _TEMPERATURE), labels, recipe.contrast)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            progress.advance()
        network.eval()


def _batches(n: int, recipe: Recipe, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each step, every row once in each epoch."""
    random = np.random.default_rng(seed)
    per_epoch = math.ceil(n / recipe.batch)
    for _ in range(max(recipe.epochs, math.ceil(recipe.steps / per_epoch))):
        yield from np.array_split(random.permutation(n), per_epoch)


def _pace(step: int, steps: int) -> float:
    """Return the share of the highest learning rate at a step."""
    warm = max(1, steps // 10)
    return min((step + 1) / warm, (steps - step) / max(1, steps - warm))


def _loss(vectors: Tensor, logits: Tensor, labels: Tensor, contrast: float) -> Tensor:
    """Mix cross-entropy with pulling texts of an intent together and others apart.

    Source: supervised contrastive learning, Khosla et al. 2020, arXiv:2004.11362.
    """
    import torch

    crossed = torch.nn.functional.cross_entropy(logits, labels)
    itself = torch.eye(len(labels), dtype=torch.bool)
    same = (labels[:, None] == labels[None, :]) & ~itself
    paired = same.any(1)
    if not paired.any():
        return crossed
    cosines = (vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -1e9)
    log_shares = cosines.log_softmax(1)
    pulled = -(log_shares * same).sum(1)[paired] / same.sum(1)[paired]
    return (1 - contrast) * crossed + contrast * pulled.mean()


def _digest(network: nn.Module) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().numpy().tobytes())
    return digest.hexdigest()
