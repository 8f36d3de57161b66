"""Splits a message into segments at punctuation and joining words, with their places in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

MOST = 12
"""Maximum number of segments per message: they are embedded in one batch."""

_READ = 600
"""Characters that are split; what follows is left whole."""

_CUTS = 20
"""Maximum number of places at which a segment is tried to be cut in two."""

# Each pattern repeats a single character class: matching takes time linear in the text.
_SEGMENT = re.compile(r"[^,;.!?:\n，。！？；、：…]+")
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a message.

    Attributes:
        start, end: Its place in the message, in characters.
        asks: A question mark follows.
    """

    text: str
    start: int
    end: int
    asks: bool = False


def segments(text: str, joints: Collection[str] = ()) -> Sequence[Segment]:
    """Return the segments of a message, in order.

    Args:
        text: The message.
        joints: Lower-case words, such as "and", at which a segment is split as well.

    >>> [each.text for each in segments("Cancel it, please. And where is it?", ["and"])]
    ['Cancel it', 'please', 'And where is it']
    >>> [each.text for each in segments("where is it and how do I return it", ["and"])]
    ['where is it', 'and how do I return it']
    """
    found: list[Segment] = []
    for match in _SEGMENT.finditer(text[:_READ]):
        asks = text[match.end() : match.end() + 1] in {"?", "？"}
        found += _split(text, match.start(), match.end(), joints, asks=asks)
    return found[:MOST]


def halves(segment: Segment) -> Sequence[tuple[Segment, Segment]]:
    """Return the two halves of a segment at each place where a word begins.

    >>> [left.text for left, _ in halves(segments("not this but that")[0])]
    ['not this']
    """
    starts = [unit.start() for unit in _UNIT.finditer(segment.text)]
    least = 4 if _IDEOGRAPH.search(segment.text) else 2
    cuts = starts[2 : len(starts) - least + 1][:_CUTS]
    return [
        (
            _stripped(segment.text[:cut], segment.start),
            _stripped(segment.text[cut:], segment.start + cut),
        )
        for cut in cuts
    ]


def without(text: str, left_out: Sequence[Segment]) -> str:
    """Return a message without some of its segments, and without the punctuation before them.

    >>> text = "I don't want to cancel, just change the address."
    >>> without(text, segments(text)[:1])
    'just change the address'
    """
    kept, place = [], 0
    for each in sorted(left_out, key=lambda one: one.start):
        kept.append(text[place : each.start])
        place = each.end
    kept.append(text[place:])
    return "".join(kept).strip(" ,;.!?:\n，。！？；、：…") if left_out else text


def _split(
    text: str, start: int, end: int, joints: Collection[str], *, asks: bool
) -> Iterator[Segment]:
    """Yield the parts of a segment between joining words; the word begins the second part."""
    units = list(_UNIT.finditer(text, start, end))
    begins = start
    for position, unit in enumerate(units[2:-1], start=2):
        if unit.group().lower() in joints or text[unit.start() : unit.start() + 2] in joints:
            if len(_UNIT.findall(text, begins, unit.start())) < 2:
                continue
            yield _stripped(text[begins : unit.start()], begins)
            begins = units[position].start()
    last = _stripped(text[begins:end], begins, asks=asks)
    if last.text:
        yield last


def _stripped(text: str, start: int, *, asks: bool = False) -> Segment:
    bare = text.strip()
    begins = start + len(text) - len(text.lstrip())
    return Segment(bare, begins, begins + len(bare), asks)
