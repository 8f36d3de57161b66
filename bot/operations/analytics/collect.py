"""Reads the records of a period, judges and measures them, and sums them up by several cuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.decisions import DecisionKind
from bot.operations.analytics.answer_outcomes import (
    ANSWERS,
    WITHIN,
    Courtesies,
    JudgedAnswer,
    Reactions,
    judge_answers,
)
from bot.operations.analytics.conversations import ConversationTimes, HoursOf, measure
from bot.operations.analytics.figures import Figures, Tally
from bot.operations.analytics.products import ProductFigures, product_figures
from bot.sentiment import Sentiment
from bot.storage import analytics as stored
from bot.storage.analytics import DecidedMessage
from bot.storage.engine import Database
from bot.storage.product_records import read_products

DIMENSIONS = ("week", "channel", "intent", "article", "team", "language")
"""What figures are cut by."""

_BUTTONS_LIVE = timedelta(days=30)
"""A button may be pressed so long after it was offered, see `bot.storage.buttons`."""

_ABOUT = ANSWERS | {str(DecisionKind.HANDOFF), str(DecisionKind.SAFETY)}
"""Kinds of decisions whose best intent is what a conversation is about; others only guess."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment on until, and without, another one; aware."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Analysis:
    """What became of the answers and conversations of a period.

    Attributes:
        total: Of all.
        cuts: By dimension (`DIMENSIONS`) and value; the most used values first, weeks in order.
        products: What became of products that were recommended, by id; those shown most first.
        answers, conversations, scores: What they are made from; scores by conversation, in order.
    """

    period: Period
    total: Figures
    cuts: Mapping[str, Mapping[str, Figures]]
    products: Mapping[str, ProductFigures]
    answers: Sequence[JudgedAnswer] = field(repr=False)
    conversations: Sequence[ConversationTimes] = field(repr=False)
    scores: Mapping[str, Sequence[int]] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain values: nothing about a single conversation."""
        return {
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
            "total": asdict(self.total),
            "by": {
                name: {value: asdict(figures) for value, figures in cut.items()}
                for name, cut in self.cuts.items()
            },
            "products": {name: asdict(figures) for name, figures in self.products.items()},
        }


async def analyse(
    database: Database,
    period: Period,
    *,
    courtesies: Courtesies,
    hours_of: HoursOf = lambda _team: None,
) -> Analysis:
    """Return what became of the answers and conversations of a period.

    Args:
        database: May be in use by others.
        period: Answers and conversations of another time only tell what became of these.
        courtesies: Intents that ask nothing.
        hours_of: Opening hours of teams.

    Raises:
        StorageError: The database cannot be read at the moment.
    """
    collect = partial(_collect, period=period, courtesies=courtesies, hours_of=hours_of)
    async with database.read() as connection:
        return await connection.run_sync(collect)


def _collect(
    connection: Connection, *, period: Period, courtesies: Courtesies, hours_of: HoursOf
) -> Analysis:
    since, until = period.since, period.until
    chosen, neither = stored.read_presses(connection, since - _BUTTONS_LIVE)
    decided = [
        replace(each, intent=chosen[each.message], confidence=1.0)
        if each.message in chosen
        else each
        for each in stored.read_decisions(connection, since, until + WITHIN)
    ]
    cases = stored.read_cases(connection, since, until + WITHIN)
    reactions = Reactions(stored.read_votes(connection, since), neither)
    direct = stored.read_direct(connection, since)
    answers = list(judge_answers(decided, cases, reactions, courtesies, until=until))
    answered = {each.conversation: each.at for each in sorted(answers, key=lambda it: it.at)[::-1]}
    conversations = measure(
        stored.read_lines(connection, since),
        [case for case in cases if case.opened_at < until],
        answered,
        until=until,
        hours_of=hours_of,
        direct=direct,
    )
    scores = stored.read_scores(connection, since, until)
    ours = [each for each in decided if each.at < until]
    products = product_figures(read_products(connection, since, until), cases)
    return _summed(period, ours, answers, conversations, scores, products)


def _summed(
    period: Period,
    decided: Iterable[DecidedMessage],
    answers: Sequence[JudgedAnswer],
    conversations: Sequence[ConversationTimes],
    scores: Sequence[tuple[str, datetime, int]],
    products: Mapping[str, ProductFigures],
) -> Analysis:
    sums = _Sums({each.key: each for each in conversations})
    for message in decided:
        sums.add_message(message)
    for answer in answers:
        topics = (answer.intent,), (answer.article,)
        place = sums.place(answer.conversation, answer.at, answer.language)
        for tally in sums.tallies(place, *topics):
            tally.outcomes[answer.outcome] += 1
    for each in conversations:
        for tally in sums.of_conversation(each.key, each.began_at):
            tally.add_conversation(each)
    given: dict[str, list[int]] = defaultdict(list)
    for key, at, score in scores:
        given[key].append(score)
        for tally in sums.of_conversation(key, at):
            tally.scores.append(score)
    return Analysis(period, *sums.figures(), products, answers, conversations, given)


@dataclass(slots=True)
class _About:
    """What a conversation is about."""

    language: str = ""
    intents: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)


class _Sums:
    """Tallies of all records, and by each dimension and value."""

    def __init__(self, conversations: Mapping[str, ConversationTimes]) -> None:
        self._conversations = conversations
        self._about: dict[str, _About] = defaultdict(_About)
        self._total = Tally()
        self._cuts: dict[str, dict[str, Tally]] = {name: {} for name in DIMENSIONS}
        self._places: dict[tuple[date, str, str, str], Sequence[Tally]] = {}

    def add_message(self, message: DecidedMessage) -> None:
        """Note what a message says about its conversation, and count its feeling."""
        about = self._about[message.conversation]
        about.language = about.language or message.language
        is_about = message.kind in _ABOUT
        intent = message.intent if is_about else ""
        article = message.citation.partition("#")[0]
        about.intents.add(intent)
        about.articles.add(article)
        if message.frustrated is None or message.pleased is None:
            return
        feeling = Sentiment(message.frustrated, message.pleased).feeling
        place = self.place(message.conversation, message.at, message.language)
        for tally in self.tallies(place, (intent,), (article,)):
            tally.feelings[feeling] += 1

    def place(self, key: str, at: datetime, language: str) -> Sequence[Tally]:
        """Return the tallies of all dimensions that do not depend on a topic, and of the whole."""
        known = self._conversations.get(key)
        channel, team = (known.channel, known.team) if known else ("", "")
        names = (at.date(), channel, team, language)
        if names not in self._places:
            year, week, _ = at.isocalendar()
            values = {"week": f"{year}-W{week:02}", "channel": channel}
            values |= {"team": team, "language": language}
            several = [self._tally(*item) for item in values.items() if item[1]]
            self._places[names] = [self._total, *several]
        return self._places[names]

    def of_conversation(self, key: str, at: datetime) -> Iterator[Tally]:
        """Yield the tallies in which a conversation counts: several topics, maybe."""
        about = self._about[key]
        return self.tallies(self.place(key, at, about.language), about.intents, about.articles)

    def tallies(
        self, place: Sequence[Tally], intents: Iterable[str], articles: Iterable[str]
    ) -> Iterator[Tally]:
        """Yield the tallies in which something counts; an empty topic has none."""
        yield from place
        yield from (self._tally("intent", each) for each in intents if each)
        yield from (self._tally("article", each) for each in articles if each)

    def _tally(self, dimension: str, value: str) -> Tally:
        cut = self._cuts[dimension]
        return cut.get(value) or cut.setdefault(value, Tally())

    def figures(self) -> tuple[Figures, dict[str, dict[str, Figures]]]:
        """Return the figures of all, and of each cut."""
        cuts = {
            name: {value: tally.figures() for value, tally in _ordered(name, cut)}
            for name, cut in self._cuts.items()
        }
        return self._total.figures(), cuts


def _ordered(name: str, cut: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    if name == "week":
        return sorted(cut.items())
    return sorted(
        cut.items(),
        key=lambda item: (-item[1].outcomes.total(), -item[1].conversations, item[0]),
    )
