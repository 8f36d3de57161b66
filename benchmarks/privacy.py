"""How much personal data `bot.privacy.find` finds, and how much of what it finds is personal.

    python -m benchmarks.privacy --data DIR [--part all|build|held-out] [--show] [--names-model DIR]

DIR/pii/synthetic.jsonl holds texts with the places of what is personal in them; docs/benchmarks.md
says where it comes from. A place counts as found when a span of the same kind covers at least half
of it; a span counts as right when at least half of it lies in a place of the same kind. A place is
wholly hidden when no letter or digit of it lies outside of all spans, whatever their kind.

The texts are made from templates. A seeded hash of the template puts each into one of two parts:
`build` is what the recognisers were tuned on, `held-out` was only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.privacy import Span, find
from bot.privacy.recognisers.names_model import load_names_model, use_names_model

MEASURED = (
    "EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "IP_ADDRESS", "URL", "US_SSN",
    "PERSON", "STREET_ADDRESS",
)  # fmt: skip
HALF = 0.5
RESAMPLED = 1_000
PARTS = ("all", "build", "held-out")
SEED = "personal data"


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
    hidden: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None
    spans: int
    precision: tuple[float, float, float] | None


def read(file: Path, part: str = "all") -> list[Text]:
    """Read the labelled texts of a part and look for personal data in each."""
    texts = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if part not in {"all", part_of(row["template_id"])}:
            continue
        truth = [Span(span["start"], span["end"], span["type"]) for span in row["spans"]]
        texts.append(Text(row["text"], truth, find(row["text"])))
    return texts


def part_of(template: int) -> str:
    """Return the part that texts of a template belong to."""
    digest = hashlib.sha256(f"{SEED} {template}".encode()).digest()
    return "build" if digest[0] % 2 else "held-out"


def is_hidden(text: str, place: Span, found: Iterable[Span]) -> bool:
    """Return whether no letter or digit of a place is left by the spans."""
    covered = {i for span in found for i in range(span.start, span.end)}
    return not any(text[i].isalnum() and i not in covered for i in range(place.start, place.end))


def covered(span: Span, others: Iterable[Span]) -> bool:
    """Return whether spans of the same kind cover half of one."""
    shared = sum(
        max(0, min(span.end, other.end) - max(span.start, other.start))
        for other in others
        if other.type == span.type
    )
    return shared >= HALF * (span.end - span.start)


def figures(texts: Sequence[Text], kind: str) -> Figures:
    """Count one kind."""
    places = [covered(s, t.found) for t in texts for s in t.truth if s.type == kind]
    hidden = [is_hidden(t.text, s, t.found) for t in texts for s in t.truth if s.type == kind]
    spans = [covered(s, t.truth) for t in texts for s in t.found if s.type == kind]
    return Figures(kind, len(places), share(hidden), share(places), len(spans), share(spans))


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


def misses(texts: Sequence[Text]) -> Iterator[str]:
    """Yield the places that are not wholly hidden, and the spans that are not personal."""
    for text in texts:
        found = [(span.type, text.text[span.start : span.end]) for span in text.found]
        for place in text.truth:
            if place.type in MEASURED and not is_hidden(text.text, place, text.found):
                value = text.text[place.start : place.end]
                yield f"left {place.type} {value!r} in {text.text!r}: {found}"
        for span in text.found:
            if span.type in MEASURED and not covered(span, text.truth):
                value = text.text[span.start : span.end]
                yield f"wrong {span.type} {value!r} in {text.text!r}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--part", choices=PARTS, default="all")
    parser.add_argument("--show", action="store_true", help="list what went wrong in `build`")
    parser.add_argument("--names-model", type=Path, help="a spaCy model beside the rules")
    arguments = parser.parse_args()
    if arguments.names_model:
        use_names_model(load_names_model(arguments.names_model))
    find("Maria")  # reads the lists of names
    file = arguments.data / "pii" / "synthetic.jsonl"
    if arguments.show:
        print("\n".join(misses(read(file, "build"))))
        return
    started = time.process_time()
    texts = read(file, arguments.part)
    seconds = time.process_time() - started
    print("| kind | places | wholly hidden | recall | spans | precision |")
    print("| --- | --- | --- | --- | --- | --- |")
    for one in (figures(texts, kind) for kind in MEASURED):
        print(
            f"| {one.kind} | {one.places} | {shown(one.hidden)} | {shown(one.recall)} "
            f"| {one.spans} | {shown(one.precision)} |"
        )
    hits = [covered(s, t.truth) for t in texts for s in t.found if s.type in MEASURED]
    print(f"\nprecision over all of these kinds: {shown(share(hits))}")
    print(f"{len(texts)} texts, {1000 * seconds / len(texts):.2f} ms of processor time a text")


if __name__ == "__main__":
    main()
