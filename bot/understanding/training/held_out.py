"""Predictions for held-out rows, and what training chooses on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.calibration import Calibration, calibrate, oos_scores, score
from bot.understanding.model.comparison import Comparison
from bot.understanding.model.example_probabilities import ExampleProbabilities
from bot.understanding.model.head import mix
from bot.understanding.model.neighbours import NEAREST, ROBUST, by_both
from bot.understanding.training.dataset import TrainingRows

SHARES = (0.5, 0.6, 0.7, 0.8)
"""Candidate weights of the fine-tuned head in the mixture; chosen on held-out rows."""

K_SHARES = (NEAREST, ROBUST)
"""Candidate values of k for nearness, the default first; chosen on held-out rows."""

CLEARLY = 2.0
"""Standard errors by which another k must be better than the default ..."""

ENOUGH = 20
"""... on at least so many rows."""


@dataclass(frozen=True, slots=True)
class FineTuned:
    """The result of fine-tuning: a head over embeddings by the tuned layers.

    Attributes:
        weights: Shape (dimension, n_classes).
        bias: Shape (n_classes,).
        vectors: Embeddings of all rows by the tuned layers, shape (n_rows, dimension).
        judged: Rows that were held out from other layers tuned like these, shape (n_rows,).
        held: Logits of these rows by layers that had not seen them, zero for all others,
            shape (n_rows, n_classes).
        nearest: Nearness of these rows to each intent by the same layers and by each of
            `K_SHARES`, zero for all others, shape (n_shares, n_rows, n_intents).
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    vectors: NDArray[np.float32]
    judged: NDArray[np.bool_]
    held: NDArray[np.float32]
    nearest: NDArray[np.float32]

    def padded(self, n_rows: int) -> FineTuned:
        """Return it with zeros for further rows, which were not fine-tuned on."""
        more = (0, n_rows - len(self.vectors))
        return replace(
            self,
            vectors=np.pad(self.vectors, (more, (0, 0))),
            judged=np.pad(self.judged, more),
            held=np.pad(self.held, (more, (0, 0))),
            nearest=np.pad(self.nearest, ((0, 0), more, (0, 0))),
        )


@dataclass(frozen=True, slots=True)
class HeldOutPredictions:
    """Predictions for held-out rows, by heads and examples that do not include them.

    Attributes:
        probabilities: Probability of each class, shape (n, n_classes).
        nearest: Nearness to each intent by each of `K_SHARES`, 0 for rows that are never held
            out, shape (n_shares, n, n_intents).
        chosen: Index of the nearness in use.
    """

    probabilities: NDArray[np.float32]
    nearest: NDArray[np.float32]
    chosen: int = 0

    @property
    def k_share(self) -> float:
        """The chosen one of `K_SHARES`."""
        return K_SHARES[self.chosen]

    @property
    def n_intents(self) -> int:
        """Number of intents."""
        return int(self.nearest.shape[2])

    def scores(self) -> NDArray[np.float32]:
        """Return the score of each intent for each row, shape (n, n_intents)."""
        return score(self.probabilities[:, : self.n_intents], self.nearest[self.chosen])

    def decided(self, labels: NDArray[np.int64], judged: NDArray[np.int64]) -> HeldOutPredictions:
        """Choose k: the default, unless another is better by more than chance.

        Better is the one by which more texts are recognised and score above simulated out-of-scope
        texts. To simulate one, its own intent alone is removed: what a wrong example spoils is the
        score of the intent that it stands in by mistake, which is mostly the likeliest other one.

        Args:
            labels: The class of each row, shape (n,).
            judged: Indices of the held-out rows to choose on.
        """
        own = judged[labels[judged] < self.n_intents]
        if len(own) < ENOUGH:
            return self
        default, *others = (
            replace(self, chosen=kind)._above_strangers(labels, own)
            for kind in range(len(K_SHARES))
        )
        margins = [0.0, *(_margin(other - default) for other in others)]
        best = int(np.argmax(margins))
        return replace(self, chosen=best if margins[best] > CLEARLY else 0)

    def _above_strangers(
        self, labels: NDArray[np.int64], own: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return for each of some rows the share of simulated out-of-scope texts that score less.

        It is 0 for a row whose likeliest intent is wrong: the mean is the area under the open-set
        classification rate curve. Source: Dhamija et al. 2018, arXiv:1811.04110.
        """
        scores = self.scores()[own]
        strangers = np.sort(
            oos_scores(
                self.probabilities[own], self.nearest[self.chosen][own], labels[own], siblings=0
            )
        )
        first = scores.max(axis=1)
        below = np.searchsorted(strangers, first) + np.searchsorted(strangers, first, side="right")
        right = scores.argmax(axis=1) == labels[own]
        shares: NDArray[np.float64] = right * below / (2 * len(own))
        return shares

    def mixed(self, tuned: FineTuned, share: float) -> HeldOutPredictions:
        """Mix in the logits of a fine-tuned head where it was judged, see `Head.mixed`."""
        rows, probabilities = tuned.judged, self.probabilities.copy()
        probabilities[rows] = mix(probabilities[rows], tuned.held[rows], share)
        return replace(self, probabilities=probabilities)

    def near_by_both(self, tuned: FineTuned, known: NDArray[np.float32]) -> HeldOutPredictions:
        """Combine nearness with that by the tuned layers where they were judged, see `by_both`."""
        rows, nearest = tuned.judged, self.nearest.copy()
        nearest[:, rows] = by_both(nearest[:, rows], tuned.nearest[:, rows], known[rows])
        return replace(self, nearest=nearest)

    def calibration(self, labels: NDArray[np.int64], judged: NDArray[np.int64]) -> Calibration:
        """Calibrate the scores of some rows against their labels."""
        labels, scores = labels[judged], self.scores()[judged]
        first = scores.argmax(axis=1)
        foreign = labels == self.n_intents
        own = judged[~foreign]
        near = self.nearest[self.chosen][own]
        return calibrate(
            scores.max(axis=1),
            right=first == labels,
            out_of_scope=foreign,
            strangers=oos_scores(self.probabilities[own], near, labels[~foreign]),
        )

    def examples(self, rows: TrainingRows, held: NDArray[np.int64]) -> ExampleProbabilities:
        """Return how probable their own intent is for those of some rows that are in scope."""
        labels = rows.targets.labels
        own = held[labels[held] < self.n_intents]
        rest, each = self.probabilities[own].copy(), np.arange(len(own))
        rest[each, labels[own]] = -1
        others, near = rest.argmax(axis=1), self.nearest[:, own]
        # Out of scope, the class after the last intent, has no nearness.
        intents = np.minimum(others, self.n_intents - 1)
        nearer = (near[:, each, intents] > near[:, each, labels[own]]).all(axis=0)
        return ExampleProbabilities(
            texts=[rows.texts[row] for row in own.tolist()],
            intents=labels[own],
            own=self.probabilities[own, labels[own]],
            others=others,
            of_others=rest.max(axis=1),
            nearer=nearer & (others < self.n_intents),
        )


def best_share(
    labels: NDArray[np.int64],
    held: HeldOutPredictions,
    tuned: FineTuned,
    judged: NDArray[np.int64],
) -> float:
    """Return the weight of the fine-tuned head with the highest accuracy; the smallest of equals.

    With few examples the weights hardly differ; with many, the fine-tuned head is the better one.
    """

    def right(share: float) -> int:
        first = held.mixed(tuned, share).scores()[judged].argmax(axis=1)
        return int((first == labels[judged]).sum())

    return max(SHARES, key=right)


def compared(
    labels: NDArray[np.int64],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    judged: NDArray[np.int64],
) -> Comparison:
    """Compare two sets of scores, shape (n, n_intents), on the held-out in-scope rows."""
    own = judged[labels[judged] < first.shape[1]]
    return Comparison.of(
        first[own].argmax(axis=1) == labels[own], second[own].argmax(axis=1) == labels[own]
    )


def _margin(gains: NDArray[np.float64]) -> float:
    """Return a mean gain in standard errors; 0 if nothing differs."""
    error = float(gains.std()) / len(gains) ** 0.5
    return float(gains.mean()) / error if error else 0.0
