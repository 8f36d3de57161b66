"""Stores a labelled log of conversations as the product does: decisions, cases, votes, surveys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from benchmarks.field.reading import Entry
from bot.decisions import Decision, DecisionKind, ScoredIntent, ScoredPassage
from bot.messages import Addressing, Author, Choice, Event, Message, Received, Voted
from bot.ports import EventOutcome
from bot.sentiment import Sentiment
from bot.storage import Database
from bot.storage.case_acts import staff_wrote
from bot.storage.cases import CaseKind, Cases, open_case
from bot.storage.feedback import StoredFeedback
from bot.storage.surveys import StoredSurveys, ask
from bot.storage.tables import cases
from bot.storage.transcripts import record

SURE, THRESHOLD = 0.9, 0.5
"""Confidence of every intent of a log, and the threshold of every decision."""

_FELT = {
    "pleased": Sentiment(frustrated=0.05, pleased=0.8),
    "neutral": Sentiment(frustrated=0.1, pleased=0.1),
    "displeased": Sentiment(frustrated=0.8, pleased=0.05),
    "angry": Sentiment(frustrated=0.9, pleased=0.01),
}


class LogClock:
    """A clock that shows the time of the line that is being stored."""

    def __init__(self) -> None:
        self.at = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time of the line."""
        return self.at

    def monotonic(self) -> float:
        """Return its seconds."""
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Refuse: nothing waits while a log is stored."""
        raise NotImplementedError(f"{seconds} seconds")


@dataclass(frozen=True, slots=True)
class _Customer:
    """A customer's line that waits for its decision."""

    message: Message
    intent: str
    felt: Sentiment | None


def key_of(entry: Entry) -> str:
    """Return the conversation of an entry: a thread of its own."""
    return f"{entry['channel']}:{entry['id']}"


def moment(line: Entry) -> datetime:
    """Return the time of a line; the reader of YAML turns what has an offset into plain UTC."""
    at = line["at"] if isinstance(line["at"], datetime) else datetime.fromisoformat(line["at"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def store(database: Database, entry: Entry) -> None:
    """Store a conversation of the log.

    Raises:
        ValueError: A vote judges nothing, or a case ends that was not opened.
    """
    await _Storing(database, entry).run()


class _Storing:
    """Stores the lines of one conversation, in their order."""

    def __init__(self, database: Database, entry: Entry) -> None:
        self._database = database
        self._entry = entry
        self._clock = LogClock()
        self._waiting: _Customer | None = None
        self._answers: dict[int, Message] = {}
        self._kind = ""

    async def run(self) -> None:
        """Store all lines; a line of the customer that the bot says nothing to is silence."""
        for number, line in enumerate(self._entry["lines"]):
            self._clock.at = moment(line)
            await self._line(number, line)
        await self._silence()

    async def _line(self, number: int, line: Entry) -> None:
        if "customer" in line:
            await self._silence()
            self._waiting = _Customer(
                self._message(number, line["customer"] or ""),
                line.get("intent") or "",
                _FELT.get(line.get("sentiment") or ""),
            )
        elif "bot" in line:
            await self._bot(number, line)
        elif "vote" in line:
            await self._vote(number, line)
        elif "agent" in line:
            await self._silence()
            await self._agent(number, line)
        elif "case" in line:
            await self._case(number, line)
        else:
            await self._survey(line["csat"])

    async def _bot(self, number: int, line: Entry) -> None:
        said, self._waiting = self._waiting or self._press(number), None
        self._kind = line["kind"]
        self._answers[number] = said.message
        text = "" if self._kind == DecisionKind.SILENT else line["bot"] or ""
        intent = said.intent or line.get("intent") or ""
        article = line.get("article") or ""
        await self._record(said, DecisionKind(self._kind), intent, article=article, reply=text)

    def _press(self, number: int) -> _Customer:
        """Return the press of a button, which a line of the bot answers that follows no other."""
        return _Customer(self._message(number, "", "press:"), "", None)

    async def _silence(self) -> None:
        """Store the line that nobody answered, at the time it was written."""
        if self._waiting is None:
            return
        said, self._waiting = self._waiting, None
        now, self._clock.at = self._clock.at, said.message.sent_at
        await self._record(said, DecisionKind.SILENT, said.intent)
        self._clock.at = now

    async def _record(
        self,
        said: _Customer,
        kind: DecisionKind,
        intent: str,
        *,
        article: str = "",
        reply: str = "",
    ) -> None:
        message = said.message
        decision = Decision(
            id=f"d:{message.id}",
            message_id=message.id,
            kind=kind,
            intents=(ScoredIntent(intent, SURE),) if intent else (),
            threshold=THRESHOLD,
            passages=(ScoredPassage(article, 0.9),) if article else (),
            language=self._entry.get("language") or "",
            sentiment=said.felt,
        )
        await self._finish(Received(message), EventOutcome(decision, reply))

    async def _vote(self, number: int, line: Entry) -> None:
        voted = Voted(self._message(number, "", "vote:"), self._judged(line), line["vote"])
        if await StoredFeedback(self._database, self._clock).vote(voted) != "stored":
            raise ValueError(f"{self._entry['id']}: line {number} judges no answer")

    def _judged(self, line: Entry) -> str:
        found = self._answers.get(line["of"])
        if found is None:
            raise ValueError(f"{self._entry['id']}: line {line['of']} is no line of the bot")
        return found.id

    async def _agent(self, number: int, line: Entry) -> None:
        message = self._message(number, line.get("text") or "", author=line["agent"])
        decision = Decision(f"d:{message.id}", message.id, DecisionKind.STAFF)
        await self._finish(Received(message), EventOutcome(decision, ""))
        case, at = await self._latest(is_open=True), self._clock.at
        if case is not None:
            await self._database.write(lambda it: staff_wrote(it, case, at=at))

    async def _case(self, number: int, line: Entry) -> None:
        if line["case"] == "opened":
            await self._open(number)
            return
        number = await self._number(is_open=True)
        await Cases(self._database, self._clock).close([number])
        by = "silence" if line.get("how") == "silence" else "cli:ann"
        await self._change(update(cases).where(cases.c.id == number).values(closed_by=by))

    async def _open(self, number: int) -> None:
        message, at = self._message(number, ""), self._clock.at
        opened: CaseKind = "safety" if self._kind == DecisionKind.SAFETY else "handoff"
        values = {"team": self._entry.get("team") or "default"}
        change = update(cases).where(cases.c.event == message.id).values(values)

        def put(connection: Connection) -> None:
            open_case(connection, message, opened, note="", at=at)
            connection.execute(change)

        await self._database.write(put)

    async def _survey(self, score: int) -> None:
        """Ask the customer of the latest case, once, and store the answer."""
        number, at = await self._number(is_open=False), self._clock.at
        language = self._entry.get("language") or "en"

        def put(connection: Connection) -> bool:
            case = connection.execute(select(cases).where(cases.c.id == number)).one()
            return ask(connection, case, text="How was it?", language=language, at=at)

        await self._database.write(put)
        choice = Choice("csat", str(score), str(number), language)
        surveys = StoredSurveys(self._database, self._clock)
        if await surveys.rate(choice, self._author()) != "stored":
            raise ValueError(f"{self._entry['id']}: the score rates no case that has ended")

    async def _number(self, *, is_open: bool) -> int:
        number = await self._latest(is_open=is_open)
        if number is None:
            raise ValueError(f"{self._entry['id']}: there is no such case")
        return number

    async def _latest(self, *, is_open: bool) -> int | None:
        """Return the latest case; None: there is none."""
        query = select(cases.c.id).where(cases.c.conversation == key_of(self._entry))
        if is_open:
            query = query.where(cases.c.closed_at.is_(None))
        latest = query.order_by(cases.c.id.desc()).limit(1)
        return await self._database.query(lambda connection: connection.scalar(latest))

    async def _finish(self, event: Event, outcome: EventOutcome) -> None:
        at = self._clock.at
        finished: Sequence[tuple[Event, EventOutcome]] = [(event, outcome)]
        await self._database.write(lambda connection: record(connection, finished, at))

    async def _change(self, statement: Any) -> None:  # noqa: ANN401 - any statement
        execute: Callable[[Connection], int] = lambda it: it.execute(statement).rowcount  # noqa: E731
        await self._database.write(execute)

    def _message(self, number: int, text: str, kind: str = "", author: str = "") -> Message:
        return Message(
            id=f"{self._entry['channel']}:{kind}{self._entry['id']}-{number}",
            conversation=key_of(self._entry),
            author=Author(self._author(author)),
            text=text,
            sent_at=self._clock.at,
            addressing=Addressing.DIRECT,
        )

    def _author(self, name: str = "") -> str:
        platform = self._entry["channel"].partition(":")[0]
        return f"{platform}:T1:{name or self._entry['person']}"
