"""Sentence splitter: the one rule, for whole texts and for streams."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOSERS = r"[\"'”’»」』）)\]】》*_]*"
_END = re.compile(
    rf"(?<!\s)\s*\n\s*"  # a line is never one sentence with the next
    rf"|(?<![。！？])[。！？]+{_CLOSERS}\s*"
    rf"|(?<![.!?…])[.!?…]+{_CLOSERS}\s+"
    rf"|(?<![!?])[!?]+{_CLOSERS}(?=[\u3040-\u30ff\u3400-\u9fff])"  # 好吗?可以
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-zÄÖÜäöü]|e\.?g|i\.?e|z\.?\s?B|d\.?\s?h|u\.?\s?a|bzw|ca|approx|incl|excl"
    r"|max|min|no|nr|vs|mr|mrs|ms|dr|prof|st|str|inc|ltd|dept|est|tel|art|fig|p|pp|vol|cf|ggf|inkl"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)$",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(?:^|\n)[\s>*_-]*(?:\d{1,3}|[A-Za-z])$")
_BEFORE = 40
"""Characters before a point searched for an abbreviation."""

_GOES_ON = re.compile(r"[a-zäöüß]")


class Sentences:
    r"""A splitter of a text that arrives in pieces; its sentences join to the same text.

    >>> splitter = Sentences()
    >>> list(splitter.feed("It costs 4.95 euros, e.g. in Bonn. Fr"))
    ['It costs 4.95 euros, e.g. in Bonn. ']
    >>> list(splitter.feed("ee? 可以。好"))
    ['Free? ', '可以。']
    >>> splitter.rest()
    '好'
    """

    def __init__(self) -> None:
        self._waiting = ""

    def feed(self, piece: str) -> Iterator[str]:
        """Yield the sentences that are complete now."""
        self._waiting += piece
        start = 0
        for end in list(_END.finditer(self._waiting)):
            if end.end() == len(self._waiting):
                break  # more white space may come, and the next word decides
            if self._ends(start, end):
                yield self._waiting[start : end.end()]
                start = end.end()
        self._waiting = self._waiting[start:]

    def rest(self) -> str:
        """Return what is left at the end of the text, and start over."""
        rest, self._waiting = self._waiting, ""
        return rest

    def _ends(self, start: int, end: re.Match[str]) -> bool:
        """Return whether a mark ends a sentence, not an abbreviation or the number of a list item.

        Args:
            start: Where the sentence begins: what is before it must not matter, since it may have
                been yielded already.
            end: Marks that may end it.
        """
        if "\n" in end.group() or not end.group().startswith("."):
            return True
        before = self._waiting[max(start, end.start() - _BEFORE) : end.start()]
        if _ABBREVIATION.search(before) or _LIST_MARK.search(before):
            return False
        return _GOES_ON.match(self._waiting, end.end()) is None


def pieces(text: str) -> list[str]:
    r"""Return the sentences of a whole text, each with the white space after it.

    >>> pieces("It is free. Always!\n- Yes")
    ['It is free. ', 'Always!\n', '- Yes']
    """
    splitter = Sentences()
    return [*splitter.feed(text), splitter.rest()]


def split(text: str) -> list[str]:
    r"""Return the sentences of a whole text, without the white space around them.

    >>> split("1. Open it.\n2. Close it. Done.")
    ['1. Open it.', '2. Close it.', 'Done.']
    """
    return [part.strip() for part in pieces(text) if part.strip()]
