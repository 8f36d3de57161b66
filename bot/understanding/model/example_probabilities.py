"""How probable training examples are for their own intent, by heads that had not seen them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.files.shared_files import read_strings

_TEXTS = "held_out.json"
_NUMBERS = "held_out.safetensors"
_ARRAYS = ("intents", "own", "others", "of_others", "nearer")

IMPROBABLE = 0.1
"""Probability of its own intent below which a held-out example is in doubt ..."""

PROBABLE = 0.5
"""... if another intent has more than this one."""


@dataclass(frozen=True, slots=True)
class DoubtfulExample:
    """A training example that fits another intent far better than its own.

    Attributes:
        intent: Index of its intent.
        likelier: Index of the likelier intent.
        own, other: Probability of the two, in [0, 1].
    """

    text: str
    intent: int
    likelier: int
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class ExampleProbabilities:
    """Training examples with the probability of their own intent when they were held out.

    Attributes:
        texts: The examples that were held out.
        intents: Index of each one's intent, shape (n,).
        own: Probability of that intent, in [0, 1], shape (n,).
        others: Index of the likeliest other class, the number of intents for "out of scope",
            shape (n,).
        of_others: Probability of that class, in [0, 1], shape (n,).
        nearer: Whether it is an intent whose examples are nearer than those of the own one, the
            nearest as well as the k-th, shape (n,).
    """

    texts: Sequence[str]
    intents: NDArray[np.int64]
    own: NDArray[np.float32]
    others: NDArray[np.int64]
    of_others: NDArray[np.float32]
    nearer: NDArray[np.bool_]

    def doubtful(self) -> Iterator[DoubtfulExample]:
        """Yield the examples that are probably in the wrong intent.

        An example that is merely unlike the others of its intent is improbable, too; but then no
        other intent is both probable and near (docs/decisions/0020-nearness.md).
        """
        doubtful = (self.own < IMPROBABLE) & (self.of_others > PROBABLE) & self.nearer
        for row in np.flatnonzero(doubtful).tolist():
            yield DoubtfulExample(
                self.texts[row],
                int(self.intents[row]),
                int(self.others[row]),
                float(self.own[row]),
                float(self.of_others[row]),
            )

    def write(self, folder: Path) -> None:
        """Write them into a model version, or into its multilingual part."""
        from safetensors.numpy import save_file

        (folder / _TEXTS).write_text(json.dumps(list(self.texts)), encoding="utf-8")
        numbers = {name: getattr(self, name) for name in _ARRAYS}
        save_file(numbers, folder / _NUMBERS)

    @classmethod
    def read(cls, folder: Path) -> ExampleProbabilities | None:
        """Read them; None for a model of Frontdesk 0.1, which has none.

        Raises:
            ModelError: The files are damaged or inconsistent.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if not (folder / _TEXTS).is_file():
            return None
        try:
            texts, numbers = read_strings(folder / _TEXTS), load_file(folder / _NUMBERS)
            found = cls(texts, **{name: numbers[name] for name in _ARRAYS})
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"{folder / _NUMBERS}: cannot be read ({error}): run `frontdesk train`"
            ) from error
        if {len(array) for array in numbers.values()} != {len(texts)}:
            raise ModelError(f"{folder / _NUMBERS}: is inconsistent: run `frontdesk train`")
        return found
