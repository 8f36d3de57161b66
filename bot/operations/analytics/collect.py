"""Reads the records of a period, judges and measures them, and sums them up by several cuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.decisions import DecisionKind
from bot.operations.analytics.conversations import ConversationTimes, HoursOf, measure
from bot.operations.analytics.figures import Figures, Tally
from bot.operations.analytics.outcomes import (
    ANSWERS,
    WITHIN,
    Courtesies,
    JudgedAnswer,
    Reactions,
    judge_answers,
)
from bot.sentiment import Sentiment
from bot.storage import analytics as stored
from bot.storage.analytics import DecidedMessage
from bot.storage.engine import Database

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
        answers, conversations, scores: What they are made from; scores by conversation, in order.
    """

    period: Period
    total: Figures
    cuts: Mapping[str, Mapping[str, Figures]]
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
    return _summed(period, ours, answers, conversations, scores)


def _summed(
    period: Period,
    decided: Iterable[DecidedMessage],
    answers: Sequence[JudgedAnswer],
    conversations: Sequence[ConversationTimes],
    scores: Sequence[tuple[str, datetime, int]],
) -> Analysis:
    sums = _Sums({each.key: each for each in conversations})
    for message in decided:
        sums.add_message(message)
    for answer in answers:
        values = sums.values(answer.conversation, answer.at, answer.language)
        values |= {"intent": {answer.intent}, "article": {answer.article}}
        for tally in sums.tallies(values):
            tally.outcomes[answer.outcome] += 1
    for each in conversations:
        for tally in sums.tallies(sums.of_conversation(each.key, each.began_at)):
            tally.add_conversation(each)
    given: dict[str, list[int]] = defaultdict(list)
    for key, at, score in scores:
        given[key].append(score)
        for tally in sums.tallies(sums.of_conversation(key, at)):
            tally.scores.append(score)
    return Analysis(period, *sums.figures(), answers, conversations, given)


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
        values = self.values(message.conversation, message.at, message.language)
        for tally in self.tallies(values | {"intent": {intent}, "article": {article}}):
            tally.feelings[feeling] += 1

    def values(self, key: str, at: datetime, language: str) -> dict[str, set[str]]:
        """Return the values of the dimensions that do not depend on a topic."""
        known = self._conversations.get(key)
        year, week, _ = at.isocalendar()
        return {
            "week": {f"{year}-W{week:02}"},
            "channel": {known.channel} if known else set(),
            "team": {known.team} if known else set(),
            "language": {language},
        }

    def of_conversation(self, key: str, at: datetime) -> dict[str, set[str]]:
        """Return the values of all dimensions for a conversation: several topics, maybe."""
        about = self._about[key]
        values = self.values(key, at, about.language)
        return values | {"intent": about.intents, "article": about.articles}

    def tallies(self, values: Mapping[str, set[str]]) -> list[Tally]:
        """Return the tallies in which something counts; an empty value has none."""
        found = [self._total]
        for name, several in values.items():
            cut = self._cuts[name]
            found += [cut.get(each) or cut.setdefault(each, Tally()) for each in several if each]
        return found

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
