"""The answer that is made of chosen units: what is shown of each, word for word, and in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.knowledge.indexed_passage import primary
from bot.answering.selection.limits_and_warnings import limits, warnings
from bot.answering.selection.units import ArticleUnit
from bot.messages import Source
from bot.ports import Passage, Wording

MOST = 12
"""Most units that are shown, with what comes along."""

_HAN = re.compile(r"[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uff01-\uff5e]")
_CLOSERS = "*_”’」』）"
_NUMBERED = re.compile(r"\d{1,3}[.)]")


class SelectedAnswer:
    """Renders chosen units, with what comes along, as they are admitted.

    Args:
        passages: What the units stand in.
        units: What was offered.
        wording: The phrases in between.
        language: BCP 47 tag of the customer's language.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        units: Sequence[ArticleUnit],
        wording: Wording,
        language: str,
    ) -> None:
        self._passages = passages
        self._units = units
        self._wording = wording
        self._language = language
        self._part = 0
        self._foreign = False
        self._before: ArticleUnit | None = None
        self.shown: list[int] = []
        self.said: list[str] = []

    def add(self, part: int, chosen: int) -> str:
        """Return what is shown of an admitted unit: nothing if it was shown before.

        Args:
            part: The part of the question that it answers, counted from 1.
            chosen: Its number, counted from 0.
        """
        new = [n for n in self._along(chosen) if n not in self.shown][: MOST - len(self.shown)]
        text = ""
        for number in new:
            text += self._lead(part) + self._rendered(self._units[number])
            self.shown.append(number)
            self._before = self._units[number]
            part = self._part
        if text:
            self.said.append(text)
        return text

    def passages(self) -> tuple[Passage, ...]:
        """Return the passages that units were shown of, in the order in which they were."""
        used = dict.fromkeys(self._units[number].passage for number in self.shown)
        return tuple(self._passages[number] for number in used)

    def sources(self) -> tuple[Source, ...]:
        """Return where the shown units come from, each source once."""
        return tuple(dict.fromkeys(passage.source for passage in self.passages()))

    def _along(self, chosen: int) -> Iterator[int]:
        """Yield a unit with what it leans on, its limits, and the warnings of its passage."""
        leads = [chosen]
        while (lead := self._units[leads[-1]].lead) is not None:
            leads.append(lead)
        yield from reversed(leads)
        yield from limits(chosen, self._units)
        yield from warnings(self._units[chosen].passage, self._units)

    def _lead(self, part: int) -> str:
        """Return the phrase before the next unit, where one is needed."""
        if part == self._part:
            return ""
        also, self._part = bool(self._part), part
        self._before = None
        phrase = self._wording.say("selected_also", self._language)
        return f"{_GAP if self.said else ''}{phrase}" if also else ""

    def _rendered(self, unit: ArticleUnit) -> str:
        before, first = self._before, not self.shown
        text = f"{self._mark(unit)}{unit.text}"
        foreign = self._introduced_as_foreign(unit)
        if foreign:
            return f"{'' if first else _GAP}{foreign}{_GAP}{_introduced(unit, text)}"
        if before is None:
            return f"{'' if first else _GAP}{_introduced(unit, text)}"
        if unit.mark and before.mark and _same_list(unit, before):
            return f"\n{text}"
        if not unit.mark and not before.mark and unit.passage == before.passage:
            last = before.text.rstrip(_CLOSERS)[-1:]
            return f"{'' if _HAN.match(last) else ' '}{text}"
        return f"{_GAP}{_introduced(unit, text)}"

    def _mark(self, unit: ArticleUnit) -> str:
        if not unit.mark:
            return ""
        return f"{unit.mark if _NUMBERED.fullmatch(unit.mark) else '-'} "

    def _introduced_as_foreign(self, unit: ArticleUnit) -> str:
        """Return the phrase before the first unit in another language than the customer's."""
        theirs = primary(self._passages[unit.passage].language)
        if self._foreign or not theirs or not self._language or theirs == primary(self._language):
            return ""
        self._foreign = True
        return self._wording.say("selected_foreign", self._language)


_GAP = "\n\n"


def _introduced(unit: ArticleUnit, text: str) -> str:
    return _GAP.join((*unit.introductions, text))


def _same_list(unit: ArticleUnit, other: ArticleUnit) -> bool:
    return unit.block == other.block and unit.introductions == other.introductions
