"""Measures how much personal data of customers' messages is hidden, and what else is."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.field.reading import Entry, Line, entries
from bot.privacy import Pseudonyms, Span, find


def personal(part: str) -> Iterator[Line]:
    """Count, by kind, the pieces of personal data of which no letter or digit is left."""
    hits: dict[str, list[bool]] = {}
    left: dict[str, list[str]] = {}
    for entry in entries(part, "personal"):
        covered = _covered(entry)
        for kind, span in _labelled(entry):
            hidden = all(
                i in covered for i in range(span.start, span.end) if entry["text"][i].isalnum()
            )
            hits.setdefault(kind, []).append(hidden)
            if not hidden:
                shown = Pseudonyms().hide(entry["text"])
                left.setdefault(kind, []).append(f"{entry['id']} ({kind}): {shown}")
    for kind, of_kind in hits.items():
        yield Line(f"{kind}: wholly hidden", tuple(of_kind), tuple(left.get(kind, ())))
    yield Line("all: wholly hidden", tuple(hit for of_kind in hits.values() for hit in of_kind))


def _covered(entry: Entry) -> set[int]:
    return {i for span in find(entry["text"]) for i in range(span.start, span.end)}


def _labelled(entry: Entry) -> Iterator[tuple[str, Span]]:
    """Yield the kind and place of each labelled piece; its n-th mention where it repeats."""
    seen: dict[str, int] = {}
    for piece in entry["spans"]:
        start = entry["text"].index(piece["text"], seen.get(piece["text"], 0))
        seen[piece["text"]] = end = start + len(piece["text"])
        yield piece["kind"], Span(start, end, piece["kind"])


def ordinary(part: str) -> Iterator[Line]:
    """Count the messages without personal data in which something is hidden."""
    read = entries(part, "ordinary")
    hidden = [Pseudonyms().hide(entry["text"]) for entry in read]
    changed = tuple(text != entry["text"] for text, entry in zip(hidden, read, strict=True))
    shown = tuple(
        f"{entry['id']}: {text}"
        for text, entry in zip(hidden, read, strict=True)
        if text != entry["text"]
    )
    yield Line("changed", changed, shown)
