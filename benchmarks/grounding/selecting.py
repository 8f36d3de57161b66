"""Measures `gpt.answers: select`: what is shown of the choices of good and hostile models."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grounding.choosers import Chooser, ScriptedChoosers, replies
from benchmarks.grounding.desk import CONTACT, Desk, Reply, open_selecting, ranking_desk
from benchmarks.grounding.server import local, replying
from benchmarks.grounding.trades import Trade, TradeQuestion, bare
from bot.answering.selection.units import ArticleUnit
from bot.answering.wording import BUILT_IN
from bot.ports import ChatModel

_PHRASES = ("selected_foreign", "selected_also", "nearest", "unknown", "quoted", "interrupted")


@dataclass(frozen=True, slots=True)
class SelectedReply:
    """A reply with the units that it shows.

    Attributes:
        shown: Units of the articles that stand in it.
        invented: Letters and digits that stand neither in an article nor in a catalogue.
        right: It holds all that answers the question.
    """

    question: TradeQuestion
    reply: Reply
    shown: tuple[ArticleUnit, ...]
    invented: str
    right: bool


async def ask_all(
    trade: Trade, chooser: Chooser | ChatModel, *, quoting: bool = False
) -> list[SelectedReply]:
    """Ask all questions of a trade of one chooser, or of a model."""
    if not callable(chooser):
        return await _asked(trade, chooser, quoting=quoting)
    async with replying(replies(trade, chooser)) as model:
        return await _asked(trade, model, quoting=quoting)


async def _asked(trade: Trade, model: ChatModel, *, quoting: bool) -> list[SelectedReply]:
    async with open_selecting(trade.shop, model) as opened:
        return await _answered(trade, opened.without_model() if quoting else opened)


async def _answered(trade: Trade, desk: Desk) -> list[SelectedReply]:
    return [
        _scored(trade, question, await desk.ask(question.text, language=question.language))
        for question in trade.questions
    ]


def _scored(trade: Trade, question: TradeQuestion, reply: Reply) -> SelectedReply:
    said = bare(reply.text)
    listed = trade.listed(question)
    right = bool(listed) and all(_stands_in(trade, text, question, said) for text in question.units)
    if reply.kind != "generated":
        return SelectedReply(question, reply, (), "", right)
    shown = tuple(unit for unit in trade.units if bare(unit.text) in said)
    return SelectedReply(question, reply, shown, _invented(said, shown), right)


def _stands_in(trade: Trade, text: str, question: TradeQuestion, said: str) -> bool:
    """Return whether what a question lists stands in a reply; a row also as it was written."""
    if bare(text) in said:
        return True
    units = [unit for unit in trade.listed(question) if unit.key and bare(unit.key) in bare(text)]
    cells = [bare(cell) for cell in text.strip("| ").split("|")]
    fits = [u for u in units if all(cell in bare(u.text) for cell in cells)]
    return any(bare(unit.text) in said for unit in fits)


def _invented(said: str, shown: Sequence[ArticleUnit]) -> str:
    known = [text for unit in shown for text in (*unit.introductions, unit.text)]
    known += [f"{unit.mark} {unit.text}" for unit in shown]
    known += [
        text.replace("{contact}", CONTACT) for name in _PHRASES for text in BUILT_IN[name].values()
    ]
    for text in sorted({bare(text) for text in known}, key=len, reverse=True):
        said = said.replace(text, "") if text else said
    return said


@dataclass(frozen=True, slots=True)
class ShownUnits:
    """How many units of replies are from where.

    Attributes:
        off_topic: Of articles that do not treat the question.
        others: Of its article, answering something else.
    """

    units: int
    off_topic: int
    others: int


def shown_units(trade: Trade, answered: Sequence[SelectedReply]) -> ShownUnits:
    """Count the units that were shown; what comes along with a right one is right."""
    units = off_topic = others = 0
    for each in answered:
        right = trade.along(trade.listed(each.question))
        for unit in each.shown:
            units += 1
            off_topic += trade.article(unit) not in each.question.articles
            others += trade.article(unit) in each.question.articles and unit not in right
    return ShownUnits(units, off_topic, others)


async def measure_selecting(trades: Sequence[Trade], file: Path | None) -> None:
    """Print the figures of all trades together, also of a local model where a file is given."""
    good: list[tuple[Trade, list[SelectedReply]]] = []
    quoted: list[SelectedReply] = []
    missed: list[str] = []
    for trade in trades:
        choosers = ScriptedChoosers(trade)
        good.append((trade, await ask_all(trade, choosers.good)))
        missed += choosers.missed
        quoted += await ask_all(trade, ScriptedChoosers(trade).good, quoting=True)
    _print_good(good, quoted)
    ranked = [each for trade in trades for each in await _answered(trade, ranking_desk(trade.shop))]
    print(f"  the encoder's ranking: {_share_right(ranked)}")
    print(f"  not offered whole: {len(missed)}: {', '.join(missed)}")
    if file is not None:
        async with local(file) as model:
            answered = [each for trade in trades for each in await ask_all(trade, model)]
        print(f"local model: {_share_right(answered)} answered rightly")
    await _print_hostile(trades)


def _print_good(
    good: Sequence[tuple[Trade, list[SelectedReply]]], quoted: Sequence[SelectedReply]
) -> None:
    every = [each for _, answered in good for each in answered]
    wrong = [each for trade, answered in good for each in answered if _holds_wrong(trade, each)]
    times = sorted(each.reply.milliseconds for each in every if each.shown)
    print(
        f"good chooser: {_share_right(every)} answered rightly; without GPT {_share_right(quoted)}"
    )
    print(f"  answers with a wrong unit: {len(wrong)} of {sum(bool(e.shown) for e in every)}")
    print(f"  invented text: {sum(bool(each.invented) for each in every)} of {len(every)}")
    print(f"  milliseconds to the first unit: {statistics.median(times):.0f} (p50)")
    for line in _missing(every):
        print(f"  {line}")


async def _print_hostile(trades: Sequence[Trade]) -> None:
    total = ShownUnits(0, 0, 0)
    asked = invented = 0
    for name in ScriptedChoosers(trades[0]).hostile():
        found = ShownUnits(0, 0, 0)
        for trade in trades:
            answered = await ask_all(trade, ScriptedChoosers(trade).hostile()[name])
            found = _sum(found, shown_units(trade, answered))
            asked += len(answered)
            invented += sum(bool(each.invented) for each in answered)
        total = _sum(total, found)
        print(f"hostile chooser, {name}: {_described(found)}")
    print(f"hostile choosers together: {_described(total)}; invented text: {invented} of {asked}")


def _described(found: ShownUnits) -> str:
    most = found.units or 1
    return (
        f"{found.units} units shown, {100 * found.off_topic / most:.0f} % of an article that does "
        f"not treat the question, {100 * found.others / most:.0f} % of its article that answer "
        "something else"
    )


def _sum(one: ShownUnits, other: ShownUnits) -> ShownUnits:
    return ShownUnits(
        one.units + other.units, one.off_topic + other.off_topic, one.others + other.others
    )


def _holds_wrong(trade: Trade, each: SelectedReply) -> bool:
    right = trade.along(trade.listed(each.question))
    return any(unit not in right for unit in each.shown)


def _share_right(answered: Sequence[SelectedReply]) -> str:
    with_answer = [each for each in answered if each.question.units]
    return f"{sum(each.right for each in with_answer)} of {len(with_answer)}"


def _missing(answered: Sequence[SelectedReply]) -> Iterator[str]:
    for each in answered:
        if each.question.units and not each.right:
            yield f"not right: {each.question.id}: {'; '.join(each.reply.reasons[-3:])}"
