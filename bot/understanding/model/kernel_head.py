"""A head over an encoder's embeddings that trusts only what is near its examples.

Far from every example all scores are 0: a text about something else is of no kind, whatever its
encoder makes of it. A linear head has no such default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.errors import ModelError

GAMMA = 1.2
"""Width of the kernel exp(-GAMMA |a - b|^2) between embeddings of length 1, and ..."""

RIDGE = 0.05
"""... the penalty; both chosen on the lists in benchmarks/field/build/."""


_CLOSE = 2e-5
"""Share of the error's square at which fitting ends."""

_SKETCHED = 128
"""Directions in which the kernel is solved at once: the more, the fewer steps, but the longer
until the first."""

_ROUNDING = 1e-6
"""Share of the largest value below which another one means nothing."""

_MOST_STEPS = 500
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class KernelHead:
    """Kernel ridge regression on the kinds of texts.

    Attributes:
        anchors: Embeddings of the examples, shape (n_examples, dimension); half precision is
            enough in a file.
        weights: Shape (n_examples, n_kinds).
        squares: Square of each anchor's length, shape (n_examples,).
    """

    anchors: NDArray[np.float32]
    weights: NDArray[np.float32]
    squares: NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        """Compute once what each text is compared with."""
        object.__setattr__(self, "squares", (self.anchors * self.anchors).sum(axis=1))

    @classmethod
    def fit(
        cls,
        features: NDArray[np.float32],
        kinds: NDArray[np.int64],
        n_kinds: int,
        *,
        share: float = 0.5,
        ridge: float = RIDGE,
    ) -> KernelHead:
        """Fit the head; each kind weighs the same, whatever its number of examples.

        Args:
            features: Embeddings of the examples, perhaps with further features, shape
                (n_examples, n_features).
            kinds: The kind of each, from 1 to `n_kinds`; 0 for none of them, shape (n_examples,).
            n_kinds: Number of kinds.
            share: Weight of the examples of no kind among all.
            ridge: The penalty.
        """
        anchors = features.astype(np.float16).astype(np.float32)  # as a file holds them
        counts = np.bincount(kinds, minlength=n_kinds + 1)
        weights = np.where(kinds == 0, share, (1 - share) / n_kinds) * len(kinds) / counts[kinds]
        near = _kernel(anchors, anchors, (anchors * anchors).sum(axis=1))
        targets = np.eye(n_kinds + 1, dtype=np.float32)[kinds, 1:]
        # Synchronising BLAS threads takes longer than the work where other processes run.
        with threadpool_limits(1, user_api="blas"):
            return cls(anchors, _solved(near, (ridge / weights).astype(np.float32), targets))

    @classmethod
    def read(cls, path: Path, n_features: int, n_kinds: int) -> KernelHead | None:
        """Read the head from a file; None for a model of an earlier Frontdesk without one.

        Args:
            path: In the folder of a version, or of its multilingual part.
            n_features: Number of features of a text there.
            n_kinds: Number of kinds.

        Raises:
            ModelError: The file is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if not path.is_file():
            return None
        try:
            tensors = load_file(path)
            head = cls(tensors["anchors"].astype(np.float32), tensors["weights"])
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
        if head.anchors.shape[1:] != (n_features,) or head.weights.shape[1:] != (n_kinds,):
            raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
        return head

    def write(self, path: Path) -> None:
        """Write it into a file of a model version."""
        from safetensors.numpy import save_file

        save_file({"anchors": self.anchors.astype(np.float16), "weights": self.weights}, path)

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how surely each text is of each kind, shape (n_texts, n_kinds).

        About 0 to 1, but below 0 where a text is nearer to others; their sum tells how surely a
        text is of any kind.
        """
        found: NDArray[np.float32] = _kernel(features, self.anchors, self.squares) @ self.weights
        return found


def _kernel(
    texts: NDArray[np.float32], anchors: NDArray[np.float32], squares: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the kernel between rows of features, shape (n_texts, n_anchors)."""
    near = 2 * texts @ anchors.T
    near -= squares
    near -= (texts * texts).sum(axis=1)[:, None]
    near *= GAMMA
    found: NDArray[np.float32] = np.exp(near, out=near)
    return found


def _solved(
    kernel: NDArray[np.float32], penalties: NDArray[np.float32], right: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Solve (kernel + penalties) x = right to about a hundredth, each column by itself.

    Source: conjugate gradients, Shewchuk 1994, with a randomised Nyström preconditioner, Frangella,
    Tropp and Udell 2021, doi:10.1137/21M1466244.

    Args:
        kernel: Positive semidefinite, shape (n_examples, n_examples); it is overwritten.
        penalties: What is added to its diagonal, shape (n_examples,).
        right: Shape (n_examples, n_kinds).
    """
    scale = (1 / np.sqrt(penalties)).astype(np.float32)[:, None]
    kernel *= scale
    kernel *= scale.T  # so that 1 is added to the diagonal
    directions, values = _strongest(kernel)
    shrinking = ((values[-1] + 1) / (values + 1) - 1)[:, None]

    def towards(rest: NDArray[np.float32]) -> NDArray[np.float32]:
        turned: NDArray[np.float32] = rest + directions @ (shrinking * (directions.T @ rest))
        return turned

    found = np.zeros_like(right)
    rest = right * scale
    step = towards(rest)
    energy = (rest * step).sum(axis=0)
    goal = _CLOSE * energy
    for _ in range(_MOST_STEPS):
        if (energy <= goal).all():
            break
        moved = kernel @ step + step
        length = energy / np.maximum((step * moved).sum(axis=0), _TINY)
        found += length * step
        rest -= length * moved
        following = towards(rest)
        before, energy = energy, (rest * following).sum(axis=0)
        step = following + energy / np.maximum(before, _TINY) * step
    return found * scale


def _strongest(kernel: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return about the strongest eigenvectors, in columns, and their values, from the largest."""
    n_examples = len(kernel)
    random = np.random.default_rng(0)
    drawn = random.standard_normal((n_examples, min(_SKETCHED, n_examples)), dtype=np.float32)
    basis = np.linalg.qr(drawn)[0]
    image = (kernel @ basis).astype(np.float64)
    values, vectors = np.linalg.eigh(basis.T @ image)
    told = values > values[-1] * _ROUNDING  # less may as well come from rounding
    image = image @ (vectors[:, told] / np.sqrt(values[told]))
    left, singular, _ = np.linalg.svd(image, full_matrices=False)
    return left.astype(np.float32), (singular**2).astype(np.float32)
