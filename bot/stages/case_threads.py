"""The stage for what staff do with cases: lines in case threads, buttons, forms, commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import (
    Acted,
    Addressing,
    Author,
    DecisionKind,
    Message,
    Part,
    Received,
    Say,
    Visibility,
)
from bot.responder import Turn
from bot.staff.desk import ActResult, Desk, Outcome
from bot.staff.desk.texts import said


class CaseThreads:
    """Takes acts on cases, and whatever is written in a case thread; stands before all others.

    Args:
        desk: Does what is asked for; who is of the staff is known of each event anew.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Do what staff want done; answer an act for the eyes of whoever acted, a line by nothing.

        A line that cannot be sent is marked, and has the reason below it.
        """
        event, message = turn.event, turn.message
        if isinstance(event, Acted):
            yield replace(turn, introduces=False)
            result = await self._act(event)
            yield Say(await self._said(event, result), Visibility.PRIVATE)
            reason = f"a case: {event.act}: {result.outcome}"
            yield turn.decide(DecisionKind.STAFF, reason)
            return
        if not isinstance(event, Received) or message.addressing is Addressing.COMMAND:
            return
        case = await self._desk.case_of_thread(message.conversation)
        if case is None:
            return
        if not message.author.staff:
            yield turn.decide(DecisionKind.SILENT, "a line in a case thread, not of staff")
            return
        sent = await self._desk.line(case, message)
        talk = "a member of staff talked in a case thread"
        yield turn.decide(
            DecisionKind.STAFF, talk if sent is None else f"a line to a customer: {sent.outcome}"
        )

    async def _act(self, event: Acted) -> ActResult:
        message = event.message
        if not message.author.staff:
            return ActResult(Outcome.REFUSED, event.case)
        case = event.case or await self._desk.case_of_thread(message.conversation)
        if case is None:
            return ActResult(Outcome.UNKNOWN)
        return await self._done(event, case, message, message.author)

    async def _done(self, event: Acted, case: int, message: Message, actor: Author) -> ActResult:
        """Do what a member of staff wants done with a case."""
        desk, cause, text = self._desk, message.id, message.formatted or message.text
        match event.act:
            case "claim":
                return await desk.claim(case, actor, cause=cause)
            case "assign":
                return await desk.assign(case, actor, event.about, cause=cause)
            case "return":
                return await desk.return_to_bot(case, actor, cause=cause)
            case "close":
                return await desk.close(case, actor, text, cause=cause)
            case "retry":
                number = int(event.about) if event.about.isdecimal() else 0
                return await desk.retry(case, actor, number, cause=cause)
            case "send":
                line = replace(message, id=event.about)
                return await desk.send_line(case, actor, line, cause=cause)
        return await desk.reply(case, actor, text, cause=cause, files=message.attachments)

    async def _said(self, event: Acted, result: ActResult) -> str:
        """Return what whoever acted is told, with the name of who has the case."""
        name = await self._desk.name_of(result.assignee) if result.assignee else ""
        return said(event.act, result, name)
