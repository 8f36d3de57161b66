"""Tunes the upper layers of an encoder on labelled rows, with torch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.understanding.branch import Branch, start_branch
from bot.understanding.head import Targets
from bot.understanding.lessons import Lessons
from bot.understanding.pretrained import Pretrained
from bot.understanding.progress import Progress
from bot.understanding.text import normalise

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

TEMPERATURE = 0.1
"""Unit vectors are at most 1 apart, too little for a confident softmax: they are divided by it."""

_SORTED = 16
"""Batches whose rows are dealt out by length: less padding, and still every epoch is another."""

_EMBEDDED = 64
"""Texts that are embedded together."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the branch is tuned.

    Attributes:
        epochs: Least number of times that every example is seen.
        steps: Least number of steps; small corpora are seen more often ...
        epochs_at_most: ... but not more often than this.
        batch: Examples per step.
        rate: Highest learning rate of the encoder; it rises over the first tenth of the steps
            and then falls to zero.
        head_rate: The same for the classification layer.
    """

    epochs: int = 4
    steps: int = 200
    epochs_at_most: int = 15
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 5e-3


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Tokens and targets of all rows."""

    tokens: Sequence[Sequence[int]]
    lengths: NDArray[np.int64]
    targets: Targets
    pad_token: int

    def inputs(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return padded token ids and the attention mask of some rows."""
        import torch

        ids = torch.full((len(rows), int(self.lengths[rows].max())), self.pad_token)
        mask = torch.zeros_like(ids)
        for position, row in enumerate(rows):
            ids[position, : self.lengths[row]] = torch.tensor(self.tokens[row])
            mask[position, : self.lengths[row]] = 1
        return ids, mask


class Tuning:
    """Tunes branches of one encoder on parts of one corpus.

    Args:
        rows: The corpus.
        pretrained: The encoder; stays as it is.
        recipe: How to tune.
        seed: Of everything random.
        progress: Advances with every step.
    """

    def __init__(
        self, rows: Lessons, pretrained: Pretrained, recipe: Recipe, seed: int, progress: Progress
    ) -> None:
        encodings = pretrained.tokenizer.encode_batch([normalise(text) for text in rows.texts])
        tokens = [encoding.ids for encoding in encodings]
        lengths = np.array([len(ids) for ids in tokens], dtype=np.int64)
        self._lesson = _Lesson(tokens, lengths, rows.targets, pretrained.pad_token)
        self._pretrained = pretrained
        self._recipe = recipe
        self._seed = seed
        self._progress = progress
        self._start = _embed(pretrained.network, self._lesson, np.arange(len(tokens)))

    def steps(self, rows: NDArray[np.int64]) -> int:
        """Return how many steps it takes to learn some rows."""
        recipe, per_epoch = self._recipe, math.ceil(len(rows) / self._recipe.batch)
        epochs = min(math.ceil(recipe.steps / per_epoch), recipe.epochs_at_most)
        return per_epoch * max(epochs, recipe.epochs)

    def tune(self, rows: NDArray[np.int64]) -> tuple[Branch, nn.Linear]:
        """Tune a new branch, and a classification layer over it, on some rows."""
        import torch

        steps, targets = self.steps(rows), self._lesson.targets
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            branch = start_branch(self._pretrained)
            layer = self._layer(rows)
            optimiser = self._optimiser(branch, layer)
            schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, steps))
            branch.layers.train()
            for batch in self._batches(rows, steps):
                with _half_precision():
                    vectors, _ = branch.network(*self._lesson.inputs(batch))
                logits = layer(vectors / TEMPERATURE)
                loss = _loss(logits, targets.subset(batch))
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(branch.layers.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                self._progress.advance()
            branch.layers.eval()
        return branch, layer

    def logits(
        self, branch: Branch, layer: nn.Linear, rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return what a tuned branch and its layer make of some rows, shape (n, n_classes)."""
        import torch

        with torch.no_grad():
            vectors = torch.tensor(_embed(branch.network, self._lesson, rows))
            logits: NDArray[np.float32] = layer(vectors / TEMPERATURE).numpy()
        return logits

    def _layer(self, rows: NDArray[np.int64]) -> nn.Linear:
        """Return a classification layer that begins with the mean embedding of each class."""
        import torch

        labels, misses = self._lesson.targets.labels, self._lesson.targets.misses
        layer = torch.nn.Linear(self._pretrained.dimension, self._lesson.targets.n_classes)
        with torch.no_grad():
            layer.bias.zero_()
            for label in range(self._lesson.targets.n_classes):
                own = rows[(labels[rows] == label) & ~misses[rows]]
                mean = torch.tensor(self._start[own].sum(0))
                layer.weight[label] = torch.nn.functional.normalize(mean, dim=0)
        return layer

    def _optimiser(self, branch: Branch, layer: nn.Linear) -> torch.optim.Optimizer:
        import torch

        groups = [
            {"params": branch.layers.parameters(), "lr": self._recipe.rate},
            {"params": layer.parameters(), "lr": self._recipe.head_rate, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def _batches(self, rows: NDArray[np.int64], steps: int) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of each step, every row once in each epoch, like lengths together."""
        random = np.random.default_rng(self._seed)
        size, lengths = self._recipe.batch, self._lesson.lengths
        per_epoch = math.ceil(len(rows) / size)
        for _ in range(steps // per_epoch):
            order = random.permutation(rows)
            parts = np.array_split(order, math.ceil(per_epoch / _SORTED))
            ordered = [part[np.argsort(_about(lengths[part], random))] for part in parts]
            batches = np.array_split(np.concatenate(ordered), per_epoch)
            yield from (batches[i] for i in random.permutation(per_epoch))


def _about(lengths: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return lengths, blurred: rows of one length do not always meet the same others."""
    return lengths + random.normal(0, 2, len(lengths))


def _pace(step: int, steps: int) -> float:
    """Return the share of the highest learning rate at a step."""
    warm = max(1, steps // 10)
    return min((step + 1) / warm, (steps - step) / max(1, steps - warm))


def _loss(logits: Tensor, targets: Targets) -> Tensor:
    """Return the mean cost of some rows.

    An example costs -log p of its class, a near miss -log(1 - p) of the class that it is not.
    """
    import torch

    labels, misses = torch.tensor(targets.labels), torch.tensor(targets.misses)
    own = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    others = torch.log1p(-own.exp().clamp(max=1 - 1e-6))
    costs = -torch.where(misses, others, own)
    return (costs * torch.tensor(targets.weights)).mean()


def _half_precision() -> torch.autocast:
    """Compute in bfloat16 where the processor does so itself: nearly three times as fast."""
    import torch

    able = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast("cpu", torch.bfloat16, enabled=able)


def _embed(network: nn.Module, lesson: _Lesson, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the unit vectors of the last layer for some rows, shape (n, dimension)."""
    import torch

    order = rows[np.argsort(lesson.lengths[rows], kind="stable")]
    vectors: dict[int, NDArray[np.float32]] = {}
    with torch.no_grad(), _half_precision():
        for start in range(0, len(order), _EMBEDDED):
            batch = order[start : start + _EMBEDDED]
            last, _ = network(*lesson.inputs(batch))
            vectors.update(zip(batch.tolist(), last.numpy(), strict=True))
    return np.stack([vectors[row] for row in rows.tolist()])
