"""Statistics of decisions, costs and feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from bot.storage.engine import Database
from bot.storage.tables import answers, decisions, feedback, spend

ANSWERED = ("intent", "generated", "quoted", "recommend", "form")
"""Kinds of decisions that answer a question."""

MOST = 10
"""Maximum length of the lists of highest spenders."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Decisions, costs and feedback since a moment.

    Attributes:
        kinds: Decisions by kind.
        answered: Number of decisions that answered a question.
        cost: Spent on the model provider, in units of the configured currency.
        requests: Requests to the provider.
        estimated: Number of requests without token counts from the provider.
        prompt_tokens, completion_tokens: Of all requests.
        by_day, by_channel, by_person, by_conversation: Amounts by ISO day and by key; the most
            expensive first, except for days.
        reused: Cache hits of the answers that are still cached.
        votes: Votes on answers, by verdict.
        disliked: Votes by verdict, of what was answered: an intent, or the kind of decision; the
            most disliked first.
        reasons: The latest reasons for thumbs down, as they were written.
    """

    kinds: dict[str, int]
    answered: int
    cost: float
    requests: int
    estimated: int
    prompt_tokens: int
    completion_tokens: int
    by_day: dict[str, float]
    by_channel: dict[str, float]
    by_person: dict[str, float]
    by_conversation: dict[str, float]
    reused: int
    votes: dict[str, int]
    disliked: dict[str, dict[str, int]]
    reasons: list[str]

    @property
    def cost_per_answer(self) -> float:
        """Average cost of an answered question."""
        return self.cost / self.answered if self.answered else 0.0


@dataclass(frozen=True, slots=True)
class _Period:
    """From a moment on, until another one or for ever."""

    since: datetime
    until: datetime | None

    def holds(self, at: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Return the condition that a time lies in it."""
        return at >= self.since if self.until is None else (at >= self.since) & (at < self.until)


async def statistics(
    database: Database, *, since: datetime, until: datetime | None = None
) -> Statistics:
    """Return statistics since a moment, and up to another one."""
    period = _Period(since, until)
    return await database.query(lambda connection: _collect(connection, period))


def _collect(connection: Connection, period: _Period) -> Statistics:
    counted = select(decisions.c.kind, func.count()).where(period.holds(decisions.c.at))
    kinds = {row.kind: row[1] for row in connection.execute(counted.group_by(decisions.c.kind))}
    recent = select(spend.c.at, spend.c.cost).where(period.holds(spend.c.at))
    by_day: dict[str, float] = {}
    for at, cost in connection.execute(recent.order_by(spend.c.at)):
        day = at.date().isoformat()
        by_day[day] = by_day.get(day, 0.0) + cost
    totals = select(
        func.coalesce(func.sum(spend.c.cost), 0.0),
        func.count(),
        func.count().filter(spend.c.estimated),
        func.coalesce(func.sum(spend.c.prompt_tokens), 0),
        func.coalesce(func.sum(spend.c.completion_tokens), 0),
    ).where(period.holds(spend.c.at))
    cost, requests, estimated, prompt_tokens, completion_tokens = connection.execute(totals).one()
    return Statistics(
        kinds=kinds,
        answered=sum(kinds.get(kind, 0) for kind in ANSWERED),
        cost=cost,
        requests=requests,
        estimated=estimated,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        by_day=by_day,
        by_channel=_most(connection, "channel", period),
        by_person=_most(connection, "author", period),
        by_conversation=_most(connection, "conversation", period),
        reused=connection.scalar(
            select(func.coalesce(func.sum(answers.c.used), 0)).where(
                period.holds(answers.c.kept_at)
            )
        )
        or 0,
        votes=_votes(connection, period),
        disliked=_disliked(connection, period),
        reasons=_reasons(connection, period),
    )


def _votes(connection: Connection, period: _Period) -> dict[str, int]:
    counted = select(feedback.c.verdict, func.count()).where(period.holds(feedback.c.at))
    rows = connection.execute(counted.group_by(feedback.c.verdict))
    return {row.verdict: row[1] for row in rows}


def _disliked(connection: Connection, period: _Period) -> dict[str, dict[str, int]]:
    """Return the votes on each intent, or kind of decision without one; most disliked first."""
    judged = (
        select(feedback.c.verdict, decisions.c.kind, decisions.c.intents)
        .join(decisions, decisions.c.message == feedback.c.message)
        .where(period.holds(feedback.c.at))
    )
    found: dict[str, dict[str, int]] = {}
    for verdict, kind, intents in connection.execute(judged):
        answered = intents[0]["name"] if kind == "intent" and intents else kind
        votes = found.setdefault(answered, {"up": 0, "down": 0})
        votes[verdict] += 1
    worst = sorted(found.items(), key=lambda each: (-each[1]["down"], each[1]["up"]))
    return dict(worst[:MOST])


def _reasons(connection: Connection, period: _Period) -> list[str]:
    latest = (
        select(feedback.c.comment)
        .where(period.holds(feedback.c.at), feedback.c.verdict == "down", feedback.c.comment != "")
        .order_by(feedback.c.at.desc(), feedback.c.id.desc())
        .limit(MOST)
    )
    return list(connection.scalars(latest))


def _most(connection: Connection, name: str, period: _Period) -> dict[str, float]:
    """Return the highest spenders; anonymised expenses are left out."""
    column, total = spend.c[name], func.sum(spend.c.cost)
    query = select(column, total).where(period.holds(spend.c.at), column != "").group_by(column)
    rows = connection.execute(query.order_by(total.desc()).limit(MOST))
    return {row[0]: row[1] for row in rows}
