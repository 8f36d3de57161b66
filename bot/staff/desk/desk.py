"""The desk as others use it: opens cases, carries lines both ways, does what staff want done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.messages import Attachment, Author, Message
from bot.ports import Adapter, Clock, Wording
from bot.staff.desk.results import ActResult, DeskTeam, DeskTeams, OpenCase, Opening
from bot.staff.roster import Roster
from bot.storage.cases import case_of_thread
from bot.storage.engine import Database


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
        teams: DeskTeams,
        roster: Roster,
        wording: Wording,
        language: str,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._adapters = adapters
        self._teams = teams
        self._roster = roster
        self._wording = wording
        self._language = language
        self._wake = wake

    async def open(self, message: Message, opening: Opening) -> OpenCase:
        """Open a case for a message, with its thread; idempotent.

        Where the conversation has an open case, or the person three, that one is returned.
        """
        raise NotImplementedError

    async def told(self, case: int, *, within: float) -> bool:
        """Return whether staff have been told of a case; wait for that, so many seconds at most."""
        raise NotImplementedError

    async def ask(self, case: int, team: DeskTeam, *, reason: str) -> bool:
        """Ask another team: a thread in its channel; False: it has none, or the case is closed.

        The state of the conversation and the timers stay as they are.
        """
        raise NotImplementedError

    async def to_staff(self, message: Message) -> bool:
        """Carry a customer's line into the thread of the open case; False: none is open."""
        raise NotImplementedError

    async def note(self, case: int, markdown: str, *, cause: str) -> bool:
        """Say something to staff in the thread of a case, once for a cause."""
        raise NotImplementedError

    async def case_of_thread(self, conversation: str) -> int | None:
        """Return the case that a conversation is the inside thread of; None: of none."""
        return await self._database.query(partial(case_of_thread, conversation=conversation))

    async def claim(self, case: int, actor: Author, *, cause: str = "") -> ActResult:
        """Take a case; refused while somebody else has it."""
        raise NotImplementedError

    async def assign(self, case: int, actor: Author, about: str, *, cause: str = "") -> ActResult:
        """Give a case to a member of staff, by their key."""
        raise NotImplementedError

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
        raise NotImplementedError

    async def send_line(self, case: int, actor: Author, line: Message) -> ActResult:
        """Send a line of a case thread to the customer, as it stands there."""
        raise NotImplementedError

    async def return_to_bot(self, case: int, actor: Author, *, cause: str = "") -> ActResult:
        """Give the conversation back to the bot; the case is closed."""
        raise NotImplementedError

    async def close(
        self, case: int, actor: Author, closing: str = "", *, cause: str = ""
    ) -> ActResult:
        """Close a case; the closing line is for the bot's memory, not for the customer."""
        raise NotImplementedError

    async def retry(self, case: int, actor: Author, post: int, *, cause: str = "") -> ActResult:
        """Send again what could not be delivered, by the number of its post; once."""
        raise NotImplementedError

    async def use(self, case: int, actor: Author, text: str, *, cause: str) -> ActResult:
        """Send a drafted reply as staff have edited it."""
        return await self.reply(case, actor, text, cause=cause)
