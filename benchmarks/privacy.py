"""How much personal data `bot.privacy.find` finds, and how much of what it finds is personal.

    python -m benchmarks.privacy --data DIR

DIR/pii/synthetic.jsonl holds texts with the places of what is personal in them; docs/benchmarks.md
says where it comes from. A place counts as found when a span of the same kind covers at least half
of it; a span counts as right when at least half of it lies in a place of the same kind.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.privacy import Span, find

MEASURED = (
    "EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "IP_ADDRESS", "URL", "US_SSN",
    "PERSON", "STREET_ADDRESS",
)  # fmt: skip
HALF = 0.5
RESAMPLED = 1_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text, what is personal in it, and what was found."""

    text: str
    truth: Sequence[Span]
    found: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind: places and spans, and the shares that match, with their 95 % interval."""

    kind: str
    places: int
    recall: tuple[float, float, float] | None
    spans: int
    precision: tuple[float, float, float] | None


def read(file: Path) -> list[Text]:
    """Read labelled texts and look for personal data in each."""
    texts = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        truth = [Span(span["start"], span["end"], span["type"]) for span in row["spans"]]
        texts.append(Text(row["text"], truth, find(row["text"])))
    return texts


def covered(span: Span, others: Iterable[Span]) -> bool:
    """Tell whether spans of the same kind cover half of one."""
    shared = sum(
        max(0, min(span.end, other.end) - max(span.start, other.start))
        for other in others
        if other.type == span.type
    )
    return shared >= HALF * (span.end - span.start)


def figures(texts: Sequence[Text], kind: str) -> Figures:
    """Count one kind."""
    places = [covered(s, t.found) for t in texts for s in t.truth if s.type == kind]
    spans = [covered(s, t.truth) for t in texts for s in t.found if s.type == kind]
    return Figures(kind, len(places), share(places), len(spans), share(spans))


def share(hits: Sequence[bool]) -> tuple[float, float, float] | None:
    """Return the share of hits and its bootstrapped 95 % interval; None of nothing."""
    if not hits:
        return None
    values = np.array(hits, dtype=float)
    random = np.random.default_rng(0)
    means = random.choice(values, (RESAMPLED, len(values))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def shown(figure: tuple[float, float, float] | None) -> str:
    return "-" if figure is None else f"{figure[0]:.3f} ({figure[1]:.2f} to {figure[2]:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    arguments = parser.parse_args()
    find("Maria")  # reads the lists of names
    started = time.perf_counter()
    texts = read(arguments.data / "pii" / "synthetic.jsonl")
    seconds = time.perf_counter() - started
    print("| kind | places | recall | spans | precision |\n| --- | --- | --- | --- | --- |")
    for one in (figures(texts, kind) for kind in MEASURED):
        print(
            f"| {one.kind} | {one.places} | {shown(one.recall)} | {one.spans} "
            f"| {shown(one.precision)} |"
        )
    hits = [covered(s, t.truth) for t in texts for s in t.found if s.type in MEASURED]
    print(f"\nprecision over all of these kinds: {shown(share(hits))}")
    print(f"{len(texts)} texts, {1000 * seconds / len(texts):.2f} ms a text")


if __name__ == "__main__":
    main()
