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

# Each pattern repeats a single character or class of them: matching takes time linear in the text.
_SEGMENT = re.compile(r"(?:[^,;.!?:\n，。！？；、：…]|(?<=\d)[,:](?=\d)|(?<=\w)\.(?=\w))+")
_NUMBER = re.compile(r"(?<!\S)\d{1,2}[.)、）](?!\d)")
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
        joints: Lower-case words, such as "and", at which a segment is split as well, and without
            which it begins.

    >>> [each.text for each in segments("Cancel it, please. And where is it?", ["and"])]
    ['Cancel it', 'please', 'where is it']
    >>> [each.text for each in segments("where is it and how do I return it", ["and"])]
    ['where is it', 'how do I return it']
    >>> [each.text for each in segments("1) where is it 2) how do I return it")]
    ['where is it', 'how do I return it']
    """
    found: list[Segment] = []
    for start, end in _items(text[:_READ]):
        for match in _SEGMENT.finditer(text, start, end):
            asks = text[match.end() : match.end() + 1] in {"?", "？"}
            found += _split(text, match.start(), match.end(), joints, asks=asks)
    return found[:MOST]


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a numbered list's items; of the whole text where there is none."""
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) < 2:
        yield 0, len(text)
        return
    starts = [number.end() for number in numbers]
    ends = [*(number.start() for number in numbers[1:]), len(text)]
    if numbers[0].start():
        yield 0, numbers[0].start()
    yield from zip(starts, ends, strict=True)


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
    """Yield the parts of a segment between joining words, without these words."""
    units = list(_UNIT.finditer(text, start, end))
    begins = start
    for unit in units[:-1]:
        length = _joint(text, unit, joints)
        before = len(_UNIT.findall(text, begins, unit.start()))
        if not length or before == 1:
            continue
        if before:
            yield _stripped(text[begins : unit.start()], begins)
        begins = unit.start() + length
    last = _stripped(text[begins:end], begins, asks=asks)
    if last.text:
        yield last


def _joint(text: str, unit: re.Match[str], joints: Collection[str]) -> int:
    """Return the length of the joining word that begins with a unit; 0: none does."""
    if unit.group().lower() in joints:
        return len(unit.group())
    return 2 if text[unit.start() : unit.start() + 2] in joints else 0


def _stripped(text: str, start: int, *, asks: bool = False) -> Segment:
    bare = text.strip()
    begins = start + len(text) - len(text.lstrip())
    return Segment(bare, begins, begins + len(bare), asks)
