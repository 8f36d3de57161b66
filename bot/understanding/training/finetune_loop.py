"""The fine-tuning loop: trains copies of an encoder's upper layers on labelled rows, with torch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.pretrained import Pretrained
from bot.understanding.language.normalise import normalise
from bot.understanding.model.head import Targets
from bot.understanding.training.dataset import TrainingRows
from bot.understanding.training.progress import Progress
from bot.understanding.training.upper_layers import UpperLayers, capture_inputs, start_branch

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

TEMPERATURE = 0.1
"""Divisor of unit vectors: cosines are at most 1, too small for a confident softmax."""

_SORTED = 16
"""Number of batches that are formed together from rows sorted by length: less padding, while the
batches still differ between epochs."""

_EMBEDDED = 64
"""Batch size for embedding."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyperparameters of fine-tuning.

    Attributes:
        epochs: Minimum number of epochs.
        steps: Minimum number of steps, for which small corpora get more epochs ...
        epochs_at_most: ... up to this number.
        batch: Examples per step.
        rate: Peak learning rate of the encoder, after a linear warm-up over the first tenth of the
            steps; then it decays linearly to zero.
        head_rate: The same for the classification layer.
        hidden: Share of tokens that are randomly masked in each step, so that no single word
            decides.
    """

    epochs: int = 4
    steps: int = 200
    epochs_at_most: int = 15
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 5e-3
    hidden: float = 0.3


@dataclass(frozen=True, slots=True)
class _Batch:
    """The rows after the lower layers, which are computed only once.

    Attributes:
        states: Output of the lower layers for each row, shape (n_tokens, dimension).
        vectors: Embeddings by the last layer before tuning, shape (n_rows, dimension).
        lengths: Numbers of tokens, shape (n_rows,).
    """

    states: Sequence[Tensor]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.int64]

    def inputs(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return the padded states and the attention mask of some rows."""
        import torch

        states = torch.nn.utils.rnn.pad_sequence([self.states[row] for row in rows], True).float()
        lengths = torch.tensor(self.lengths[rows])
        return states, (torch.arange(states.shape[1]) < lengths[:, None]).long()


class FineTuning:
    """Fine-tunes copies of one encoder's upper layers on subsets of the training rows.

    Args:
        rows: The training rows.
        pretrained: The encoder; not modified.
        recipe: Hyperparameters.
        seed: Seed of all random numbers.
        progress: Advances by one with every step.
    """

    def __init__(
        self,
        rows: TrainingRows,
        pretrained: Pretrained,
        recipe: Recipe,
        seed: int,
        progress: Progress,
    ) -> None:
        self._targets = rows.targets
        self._lesson = _read(pretrained, rows.texts)
        self._pretrained = pretrained
        self._recipe = recipe
        self._seed = seed
        self._progress = progress

    def steps(self, rows: NDArray[np.int64]) -> int:
        """Return the number of steps for some rows."""
        recipe, per_epoch = self._recipe, math.ceil(len(rows) / self._recipe.batch)
        epochs = min(math.ceil(recipe.steps / per_epoch), recipe.epochs_at_most)
        return per_epoch * max(epochs, recipe.epochs)

    def tune(self, rows: NDArray[np.int64]) -> tuple[UpperLayers, nn.Linear]:
        """Fine-tune a new copy, and a classification layer over it, on some rows."""
        import torch

        steps = self.steps(rows)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            branch = start_branch(self._pretrained)
            layer = self._layer(rows)
            optimiser = self._optimiser(branch, layer)
            schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, steps))
            branch.layers.train()
            for batch in self._batches(rows, steps):
                states, mask = self._lesson.inputs(batch)
                with _half_precision():
                    vectors = branch.vectors(states, _partly_hidden(mask, self._recipe.hidden))
                logits = layer(vectors / TEMPERATURE)
                loss = _loss(logits, self._targets.subset(batch))
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(branch.layers.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                self._progress.advance()
            branch.layers.eval()
        return branch, layer

    def vectors(self, branch: UpperLayers) -> NDArray[np.float32]:
        """Return all rows embedded by tuned layers, unit vectors of shape (n, dimension)."""
        import torch

        vectors = np.empty_like(self._lesson.vectors)
        with torch.no_grad():
            for batch in _by_length(self._lesson.lengths):
                with _half_precision():
                    found = branch.vectors(*self._lesson.inputs(batch))
                vectors[batch] = found.float().numpy()
        return vectors

    def _layer(self, rows: NDArray[np.int64]) -> nn.Linear:
        """Return a classification layer initialised with the mean embedding of each class."""
        import torch

        labels, misses = self._targets.labels, self._targets.misses
        layer = torch.nn.Linear(self._pretrained.dimension, self._targets.n_classes)
        with torch.no_grad():
            layer.bias.zero_()
            for label in range(self._targets.n_classes):
                own = rows[(labels[rows] == label) & ~misses[rows]]
                mean = torch.tensor(self._lesson.vectors[own].sum(0))
                layer.weight[label] = torch.nn.functional.normalize(mean, dim=0)
        return layer

    def _optimiser(self, branch: UpperLayers, layer: nn.Linear) -> torch.optim.Optimizer:
        import torch

        groups = [
            {"params": branch.layers.parameters(), "lr": self._recipe.rate},
            {"params": layer.parameters(), "lr": self._recipe.head_rate, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def _batches(self, rows: NDArray[np.int64], steps: int) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of each step: every row once per epoch, similar lengths together."""
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
    """Return lengths with random noise, so that batches differ between epochs."""
    return lengths + random.normal(0, 2, len(lengths))


def _partly_hidden(mask: Tensor, share: float) -> Tensor:
    """Mask a random share of tokens, but never the first one."""
    import torch

    seen = torch.rand(mask.shape) >= share
    seen[:, 0] = True
    return mask * seen


def _pace(step: int, steps: int) -> float:
    """Return the learning rate at a step, as a share of the peak."""
    warm = max(1, steps // 10)
    return min((step + 1) / warm, (steps - step) / max(1, steps - warm))


def _loss(logits: Tensor, targets: Targets) -> Tensor:
    """Return the mean loss of some rows.

    The loss of an example is -log p of its class; of a near miss, -log(1 - p) of the class that
    it is not.
    """
    import torch

    labels, misses = torch.tensor(targets.labels), torch.tensor(targets.misses)
    own = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    others = torch.log1p(-own.exp().clamp(max=1 - 1e-6))
    costs = -torch.where(misses, others, own)
    return (costs * torch.tensor(targets.weights)).mean()


def _half_precision() -> torch.autocast:
    """Use bfloat16 if the processor supports it: nearly three times as fast."""
    import torch

    able = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast("cpu", torch.bfloat16, enabled=able)


def _read(pretrained: Pretrained, texts: Sequence[str]) -> _Batch:
    """Run texts through the lower layers, once for all subsets."""
    import torch

    prefix = pretrained.settings.prefix
    encodings = pretrained.tokenizer.encode_batch([prefix + normalise(text) for text in texts])
    lengths = np.array([len(encoding.ids) for encoding in encodings], dtype=np.int64)
    vectors = np.empty((len(texts), pretrained.dimension), dtype=np.float32)
    states: dict[int, Tensor] = {}
    for batch in _by_length(lengths):
        longest = int(lengths[batch].max())
        ids = torch.full((len(batch), longest), pretrained.pad_token)
        for position, row in enumerate(batch):
            ids[position, : lengths[row]] = torch.tensor(encodings[row].ids)
        mask = (torch.arange(longest) < torch.tensor(lengths[batch])[:, None]).long()
        with torch.no_grad(), _half_precision(), capture_inputs(pretrained.network) as heard:
            last, _ = pretrained.network(ids, mask)
        ((given, *_rest), _named) = heard.pop()
        vectors[batch] = last.numpy()
        # Half precision saves memory; the upper layers compute with less.
        states |= {int(r): given[i, : lengths[r]].half() for i, r in enumerate(batch)}
    return _Batch([states[row] for row in range(len(texts))], vectors, lengths)


def _by_length(lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of texts in batches of similar length."""
    order = np.argsort(lengths, kind="stable")
    for start in range(0, len(order), _EMBEDDED):
        yield order[start : start + _EMBEDDED]
