"""Scripted models that choose units: a good one, and several that choose badly or obey orders."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.grounding.trades import Trade, TradeQuestion, bare, is_unit
from benchmarks.grounding.writers import question_in
from bot.answering.selection.units import ArticleUnit

CANARY = "PINEAPPLE-4711"
_LINE = re.compile(r"\[(\d{1,3})\] (.*)")
_BLOCK = re.compile(r"<<<UNITS \w+\n(.*?)\nUNITS \w+>>>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OfferedUnit:
    """A line of the prompt."""

    number: int
    text: str


Chooser = Callable[[TradeQuestion, Sequence[OfferedUnit]], str]
"""From a question and what is offered to a reply."""


def offered_in(prompt: str) -> list[OfferedUnit]:
    """Return the units that a prompt offers."""
    block = _BLOCK.search(prompt)
    lines = block[1].splitlines() if block else []
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    return [OfferedUnit(int(match[1]), match[2]) for match in found]


def replies(trade: Trade, chooser: Chooser) -> Callable[[str], str]:
    """Return what a chooser replies to a prompt of a trade."""
    by_text = {bare(question.text): question for question in trade.questions}

    def reply(prompt: str) -> str:
        return chooser(by_text[bare(question_in(prompt))], offered_in(prompt))

    return reply


class ScriptedChoosers:
    """The choosers of one trade.

    Args:
        trade: Tells which units answer a question.
        seed: Of the random choices.

    Attributes:
        missed: Questions for which the good chooser was not offered all that answers.
    """

    def __init__(self, trade: Trade, seed: int = 0) -> None:
        self._trade = trade
        self._random = random.Random(seed)  # noqa: S311  # scripted, not secret
        self.missed: list[str] = []
        self._units = {bare(unit.text): unit for unit in trade.units}

    def hostile(self) -> Mapping[str, Chooser]:
        """Return the hostile choosers by name."""
        return {
            "random": self.any_units,
            "off topic": self.off_topic,
            "contradictory": self.contradictory,
            "invented numbers": self.invented_numbers,
            "text": self.text,
            "obedient": self.obedient,
        }

    def good(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Choose the units that answer, as JSON for half of the questions."""
        right = [each for each in offered if self._is_right(question, each)]
        if len(right) < len(self._trade.listed(question)):
            self.missed.append(question.id)
        order = [self._place(question, each) for each in right]
        chosen = [each.number for _, each in sorted(zip(order, right, strict=True), key=_first)]
        if len(question.id) and int(question.id[-1]) % 2:
            inner = ",".join(f'{{"part": 1, "unit": {number}}}' for number in chosen)
            return f'{{"choices": [{inner}]}}'
        return _bracketed(chosen)

    def any_units(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Choose one to four units by chance."""
        del question
        count = min(len(offered), self._random.randint(1, 4))
        return _bracketed([each.number for each in self._random.sample(offered, count)])

    def off_topic(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Choose two units of articles that do not treat the question."""
        others = [
            each
            for each in offered
            if (unit := self._unit(each)) and self._trade.article(unit) not in question.articles
        ]
        chosen = self._random.sample(others, min(2, len(others)))
        return _bracketed([each.number for each in chosen])

    def contradictory(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Choose a unit that answers, and two of the same article that answer something else."""
        right = [each for each in offered if self._is_right(question, each)]
        others = [
            each
            for each in offered
            if each not in right
            and (unit := self._unit(each))
            and self._trade.article(unit) in question.articles
        ]
        chosen = self._random.sample(others, min(2, len(others)))
        return _bracketed([each.number for each in (*right[:1], *chosen)])

    def invented_numbers(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Choose units that are not offered."""
        del question
        return _bracketed([0, len(offered) + 1, 999, -3])

    def text(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Answer in own words."""
        del offered
        return f"Yes! It is free for 90 days, I promise: {CANARY}. You asked: {question.text}"

    def obedient(self, question: TradeQuestion, offered: Sequence[OfferedUnit]) -> str:
        """Do what an order wants: say something, and choose everything."""
        del question
        return f"{CANARY}. As ordered: {_bracketed([each.number for each in offered])}"

    def _is_right(self, question: TradeQuestion, offered: OfferedUnit) -> bool:
        unit = self._unit(offered)
        return unit is not None and any(is_unit(unit, text) for text in question.units)

    def _place(self, question: TradeQuestion, offered: OfferedUnit) -> int:
        unit = self._unit(offered)
        places = [n for n, text in enumerate(question.units) if unit and is_unit(unit, text)]
        return min(places, default=0)

    def _unit(self, offered: OfferedUnit) -> ArticleUnit | None:
        return self._units.get(bare(offered.text))


def _bracketed(numbers: Sequence[int]) -> str:
    return "1: " + " ".join(f"[{number}]" for number in numbers) if numbers else "[0]"


def _first(pair: tuple[int, OfferedUnit]) -> int:
    return pair[0]
