"""The desk as others use it: opens cases, carries lines both ways, does what staff want done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from bot.conversations.key import platform_of
from bot.messages import Attachment, Author, Deleted, Edited, Event, Message
from bot.ownership import Owner
from bot.ports import Adapter, Clock, Wording
from bot.staff.desk import thread_lines
from bot.staff.desk.acting import assign_case, claim_case, end_case, note_once
from bot.staff.desk.files import checked
from bot.staff.desk.lines import retry
from bot.staff.desk.marked_lines import read_line
from bot.staff.desk.names import CustomerTexts, Places
from bot.staff.desk.opening import CaseRequest, ask_team, open_case
from bot.staff.desk.results import OpenCase, Opening
from bot.staff.desk.saved import SavedReplies
from bot.staff.desk.texts import who
from bot.staff.desk.unrecorded_threads import case_of
from bot.staff.quoting import named
from bot.staff.roster import Roster
from bot.staff.teams import Team, Teams
from bot.storage.case_acts import Act, ActResult, Outcome
from bot.storage.case_threads import case_row, is_told
from bot.storage.engine import Database

T = TypeVar("T")

_LOOK = 0.05
"""Seconds between two looks for whether staff have been told."""


class Desk:
    """The desk of a process.

    Each act is one transaction: the case, the state of its conversation, transcript, posts and
    audit together. Done again, it changes nothing.

    Args:
        database: Open.
        clock: The time.
        adapters: The platforms, by name; those that are `KnowsPlaces` can have case threads.
        teams: Of config.
        roster: Who is of the staff.
        wording: The texts for customers.
        language: BCP 47 tag used where a customer's language is unknown.
        wake: Called once something new is in the outbox.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        adapters: Mapping[str, Adapter],
        teams: Teams,
        roster: Roster,
        wording: Wording,
        language: str,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.saved = SavedReplies()
        self._database = database
        self._clock = clock
        self._places = Places(adapters, teams)
        self._texts = CustomerTexts(teams, wording, language)
        self._roster = roster
        self._wake = wake

    async def open(self, message: Message, opening: Opening) -> OpenCase:
        """Open a case for a message, with its thread; idempotent.

        Where the conversation has an open case, or the person three, that one is returned.
        """
        request = CaseRequest(
            message,
            opening,
            await self._places.customer(message),
            self._places.channel_of(opening.team, platform_of(message.id)),
            checked(message.attachments),
            self._clock.now(),
        )
        return await self._write(partial(open_case, request=request, texts=self._texts))

    async def told(self, case: int, *, within: float) -> bool:
        """Return whether staff have been told of a case; wait for that, so many seconds at most."""
        deadline = self._clock.monotonic() + within
        while (told := await self._database.query(partial(is_told, case=case))) is None:
            if self._clock.monotonic() >= deadline:
                return False
            await self._clock.sleep(_LOOK)
        return told

    async def ask(self, case: int, team: Team, *, reason: str) -> bool:
        """Ask another team: a thread in its channel; False: it has none, or the case is closed.

        The state of the conversation and the timers stay as they are.
        """
        row = await self._database.query(partial(case_row, number=case))
        place = self._places.channel_of(team, platform_of(row.conversation)) if row else ""
        asking = partial(
            ask_team, case=case, team=team, place=place, reason=reason, at=self._clock.now()
        )
        return bool(place) and await self._write(asking)

    async def to_staff(self, message: Message) -> bool:
        """Carry a customer's line into the thread of the open case; False: none is open."""
        carry = partial(
            thread_lines.to_staff,
            message=message,
            customer=await self._places.customer(message),
            files=checked(message.attachments),
            texts=self._texts,
            places=self._places,
            at=self._clock.now(),
        )
        return await self._write(carry)

    async def note(self, case: int, markdown: str, *, cause: str) -> bool:
        """Say something to staff in the thread of a case, once for a cause."""
        now = self._clock.now()
        say = partial(note_once, case=case, markdown=markdown, cause=cause, at=now)
        return await self._write(say)

    async def case_of_thread(self, conversation: str) -> int | None:
        """Return the case that a conversation is the inside thread of; None: of none."""
        return await case_of(self._database, self._clock, conversation)

    async def name_of(self, person: str) -> str:
        """Return the name of a person, without markup; empty where nobody tells it."""
        return named(await self._places.name_of(person))

    async def line(self, case: int, message: Message) -> ActResult | None:
        """Take a line that staff wrote in a case thread; return what was sent, None: talk."""
        line = thread_lines.StaffLine(
            case,
            message,
            await self._name(message.author),
            checked(message.attachments),
            self._act(message.author, message.id),
        )
        return await self._write(
            partial(thread_lines.take_line, line=line, texts=self._texts, saved=self.saved)
        )

    async def changed(self, event: Event, *, withdrawn: bool = False) -> None:
        """Let copies follow an edit or a deletion of a line that may have crossed.

        Args:
            event: The edit or deletion; or a line that was deleted while it was handled.
            withdrawn: It is such a line.
        """
        if withdrawn:
            event = Deleted(event.message, event.message.id)
        if not isinstance(event, Edited | Deleted):
            return
        follow = partial(
            thread_lines.follow,
            event=event,
            name=await self._name(event.message.author) if event.message.author.key else "",
            texts=self._texts,
            saved=self.saved,
            at=self._clock.now(),
        )
        await self._write(follow)

    async def claim(self, case: int, actor: Author, *, cause: str = "") -> ActResult:
        """Take a case; refused while somebody else has it."""
        name, act = await self._name(actor), self._act(actor, cause)
        return await self._write(partial(claim_case, case=case, act=act, name=who(name, actor.key)))

    async def assign(self, case: int, actor: Author, about: str, *, cause: str = "") -> ActResult:
        """Give a case to a member of staff, by their key."""
        act = self._act(actor, cause)
        names = [
            who(await self._name(each), each.key) for each in (actor, Author(about or actor.key))
        ]
        listed = bool(about) and self._roster.includes(Author(about))
        giving = partial(
            assign_case, case=case, assignee=about, act=act, names=names, listed=listed
        )
        return await self._write(giving)

    async def reply(
        self,
        case: int,
        actor: Author,
        text: str,
        *,
        cause: str,
        files: tuple[Attachment, ...] = (),
    ) -> ActResult:
        """Send a text to the customer that stands nowhere yet; a copy of it goes to the thread."""
        name, act = await self._name(actor), self._act(actor, cause)
        copy = f"**{who(name, actor.key)} → customer:** {text.strip()}"
        return await self._send(case, act, name, text, source=act.cause, copy=copy, files=files)

    async def reply_saved(
        self, case: int, actor: Author, saved: str, *, cause: str = ""
    ) -> ActResult:
        """Send the reply of an intent to the customer, in their language."""
        row = await self._database.query(partial(case_row, number=case))
        if row is None:
            return ActResult(Outcome.UNKNOWN)
        find = partial(
            thread_lines.saved_text, case=row, name=saved, texts=self._texts, saved=self.saved
        )
        text = await self._database.query(find)
        if not text:
            return ActResult(Outcome.UNKNOWN, case, detail=thread_lines.NOT_SAVED.format(saved))
        return await self.reply(case, actor, text, cause=cause or _own_cause())

    async def send_line(
        self, case: int, actor: Author, line: Message, *, cause: str = ""
    ) -> ActResult:
        """Send a line of a case thread to the customer, as it stands there.

        Args:
            case: Number of the case.
            actor: Who sends it; the line may be a colleague's.
            line: The line.
            cause: Id of the act.
        """
        read = read_line(line.formatted or line.text)
        text = read.text if read.sends and read.text else (line.formatted or line.text).strip()
        act = self._act(actor, cause or line.id)
        name = await self._name(actor)
        return await self._send(
            case, act, name, text, source=line.id, copy="", files=line.attachments
        )

    async def return_to_bot(self, case: int, actor: Author, *, cause: str = "") -> ActResult:
        """Give the conversation back to the bot; the case is closed."""
        return await self._end(case, actor, Owner.BOT, "", cause)

    async def close(
        self, case: int, actor: Author, closing: str = "", *, cause: str = ""
    ) -> ActResult:
        """Close a case; the closing line is for the bot's memory, not for the customer."""
        return await self._end(case, actor, Owner.CLOSED, closing, cause)

    async def retry(self, case: int, actor: Author, post: int, *, cause: str = "") -> ActResult:
        """Send again what could not be delivered, by the number of its post; once."""
        act = self._act(actor, cause)
        return await self._write(partial(retry, case=case, post=post, act=act))

    async def use(self, case: int, actor: Author, text: str, *, cause: str) -> ActResult:
        """Send a drafted reply as staff have edited it."""
        return await self.reply(case, actor, text, cause=cause)

    async def _send(
        self,
        case: int,
        act: Act,
        name: str,
        text: str,
        *,
        source: str,
        copy: str,
        files: tuple[Attachment, ...],
    ) -> ActResult:
        sent = thread_lines.Sending(case, source, text.strip(), name, checked(files), copy, act)
        return await self._write(partial(thread_lines.send_text, sending=sent, texts=self._texts))

    async def _end(
        self, case: int, actor: Author, owner: Owner, closing: str, cause: str
    ) -> ActResult:
        name, act = await self._name(actor), self._act(actor, cause)
        ending = partial(
            end_case,
            case=case,
            act=act,
            owner=owner,
            closing=closing.strip(),
            name=who(name, actor.key),
        )
        return await self._write(ending)

    async def _name(self, person: Author) -> str:
        return person.name or await self._places.name_of(person.key)

    def _act(self, actor: Author, cause: str) -> Act:
        return Act(actor.key, cause or _own_cause(), self._clock.now())

    async def _write(self, operation: Callable[[Connection], T]) -> T:
        return await self._database.write(operation, committed=lambda _: self._wake())


def _own_cause() -> str:
    """Return an id for an act that no event names: one of the command line."""
    return f"cli:cli:cli:{uuid4().hex}"
