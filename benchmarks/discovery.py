"""Groups the test texts of intent data sets: python -m benchmarks.discovery --data DIR.

    python -m benchmarks.discovery --data DIR [--part test|train]

Nothing is known of the texts, neither an intent nor how many there are. The encoder is the embedded
one as it is, not fine-tuned. Settings were chosen on draws from the training parts (`--part train`
groups such a draw). Published figures are of methods without any labels that fine-tune BERT, and
are *told* the number of intents, or twice that number where it says so.

Source: results of TEXTOIR (github.com/thuiar/TEXTOIR, open_intent_discovery/results/result.md),
mean of ten seeds: KM, AG, DEC, DCN, SCCL (Zhang et al. 2021, NAACL), USNID (Zhang et al. 2023,
arXiv:2304.07699). They train on the training texts, and group the same test texts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.discovery.grouping import group
from bot.understanding.discovery.vectors import english_vectors
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files
from bot.understanding.exchange import read_labelled


@dataclass(frozen=True, slots=True)
class Quality:
    """How well groups match intents, in percent: see `quality`."""

    nmi: float
    ari: float
    accuracy: float

    def __str__(self) -> str:
        """Render as a row of the table."""
        return f"NMI {self.nmi:5.1f}  ARI {self.ari:5.1f}  accuracy {self.accuracy:5.1f}"


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set.

    Attributes:
        folder: Below the data folder.
        shots: Training texts of each intent that `--part train` draws: as many as in the test part.
        published: What others reached, by method.
    """

    name: str
    folder: str
    shots: int
    published: tuple[tuple[str, Quality], ...]


SETS = (
    DataSet(
        "Banking77",
        "banking77",
        40,
        (
            ("KM", Quality(49.30, 13.04, 28.62)),
            ("AG", Quality(53.28, 14.65, 31.62)),
            ("DEC", Quality(62.66, 25.32, 38.60)),
            ("DCN", Quality(62.72, 25.36, 38.59)),
            ("SCCL", Quality(63.89, 26.98, 40.54)),
            ("USNID", Quality(75.30, 43.33, 54.82)),
            ("USNID, told twice the number", Quality(75.68, 44.05, 54.99)),
        ),
    ),
    DataSet(
        "CLINC150",
        "clinc150",
        30,
        (
            ("KM", Quality(71.05, 27.72, 45.76)),
            ("AG", Quality(72.21, 27.05, 44.12)),
            ("DEC", Quality(74.83, 31.71, 48.77)),
            ("DCN", Quality(74.77, 31.68, 48.69)),
            ("SCCL", Quality(79.35, 38.14, 50.44)),
            ("USNID", Quality(91.00, 68.54, 75.87)),
            ("USNID, told twice the number", Quality(90.86, 67.54, 73.92)),
        ),
    ),
)


def quality(intents: Sequence[str], groups: NDArray[np.int64]) -> Quality:
    """Return normalised mutual information, adjusted Rand index and accuracy, in percent.

    Accuracy is of the best one-to-one assignment of groups to intents (Hungarian method): texts of
    groups beyond the number of intents are wrong.

    >>> quality(["a", "a", "b", "b"], np.array([1, 1, 0, 2]))
    Quality(nmi=80.0, ari=57.14..., accuracy=75.0)
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    _, rows = np.unique(np.asarray(intents), return_inverse=True)
    counts = np.zeros((int(rows.max()) + 1, int(groups.max()) + 1), dtype=np.int64)
    np.add.at(counts, (rows, groups), 1)
    best = linear_sum_assignment(-counts)
    return Quality(
        100.0 * float(normalized_mutual_info_score(rows, groups)),
        100.0 * float(adjusted_rand_score(rows, groups)),
        100.0 * float(counts[best].sum()) / len(groups),
    )


def read(data: Path, each: DataSet, part: str) -> tuple[list[str], list[str]]:
    """Return texts and their intents: all of the test part, or a draw of the training part."""
    rows = read_labelled(data / each.folder / f"{part}.csv")
    if part == "train":
        order = np.random.default_rng(0).permutation(len(rows))
        seen: dict[str, int] = {}
        drawn = []
        for row in (rows[place] for place in order):
            seen[row.label] = seen.get(row.label, 0) + 1
            if seen[row.label] <= each.shots:
                drawn.append(row)
        rows = drawn
    return [row.text for row in rows], [row.label for row in rows]


def main() -> None:
    """Print the quality of the groups beside published figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("test", "train"), default="test")
    arguments = parser.parse_args()
    encoder = load_encoder_files(exported_encoder("embedded"))
    for each in SETS:
        texts, intents = read(arguments.data, each, arguments.part)
        started = time.monotonic()
        groups = group(english_vectors(texts, encoder))
        seconds = time.monotonic() - started
        print(f"{each.name}, {arguments.part}: {len(texts):,} texts, {len(set(intents))} intents")
        found = f"{quality(intents, groups)}  {groups.max() + 1} groups found, {seconds:.0f} s"
        print(f"  {'Frontdesk':<30}{found}", flush=True)
        for name, published in each.published if arguments.part == "test" else ():
            print(f"  {name:<30}{published}")


if __name__ == "__main__":
    main()
