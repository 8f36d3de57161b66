"""Take-overs: a colleague writes in a customer's conversation, and it is theirs from then on.

The state of the conversation, its case, the audit and the word to the colleague are one
transaction, which comes before the line is taken in: a line that is delivered again, or while its
process died, changes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from bot.messages import Message, Visibility
from bot.ownership import ConversationState
from bot.ports import CaseButton, OutgoingPost
from bot.storage.case_acts import Act, record, staff_wrote, take
from bot.storage.case_threads import open_case_of
from bot.storage.cases import case_of_thread
from bot.storage.conversation_states import hold_state, state_of
from bot.storage.dialect import insert
from bot.storage.moves import end_of_human, was_moved_by
from bot.storage.outbox import enqueue
from bot.storage.tables import accepted, cases, events, messages

TRIGGER = "taken_over"
"""Why the case of a conversation was opened that a colleague took over."""

CLOCKS = timedelta(seconds=10)
"""How far the clocks of platforms and ours may be apart."""

YOURS = (
    "**You have it now**: {place}. I say nothing there until you return the conversation; what you "
    "write in it is for the customer to read."
)
RETURN = "Return to bot"

IsStaff = Callable[[str], bool]
"""Returns whether the key of a person is that of a member of staff."""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line that a member of staff wrote themselves where a customer may have asked.

    Attributes:
        team: That works on the case where none is open.
        is_staff: Tells who of those that asked is no customer.
        at: When it came in.
        link: Web address of the line; empty: there is none.
    """

    message: Message
    team: str
    is_staff: IsStaff
    at: datetime
    link: str = ""

    @property
    def act(self) -> Act:
        """What its author does with it."""
        return Act(self.message.author.key, self.message.id, self.at)


def take_over(connection: Connection, line: OwnLine) -> bool:
    """Give a conversation to the colleague who wrote a line in it; return whether that is new."""
    message = line.message
    customer = _customer(connection, line)
    if customer is None:
        return False
    hold_state(connection, message.conversation)
    if _is_known(connection, message) or _is_older_than_the_end(connection, message):
        return False
    case = open_case_of(connection, message.conversation) or _opened(connection, line, customer)
    before = state_of(connection, message.conversation)
    take(connection, case, line.act)
    staff_wrote(connection, case.id, at=line.at)
    after = state_of(connection, message.conversation)
    if after.version == before.version:
        return False
    record(connection, case, line.act, "take_over")
    enqueue(connection, [_yours(line, case.id, after)], now=line.at)
    return True


def _customer(connection: Connection, line: OwnLine) -> str | None:
    """Return who asked first in a conversation; None: nobody, or a member of staff."""
    key = line.message.conversation
    if case_of_thread(connection, key) is not None:
        return None
    said = (
        select(messages.c.author)
        .where(messages.c.conversation == key, messages.c.role == "customer", ~messages.c.private)
        .order_by(messages.c.id)
        .limit(1)
    )
    waits = (
        select(events.c.payload["message", "author", "key"].as_string())
        .where(events.c.conversation == key, events.c.direct)
        .order_by(events.c.seq)
        .limit(1)
    )
    first = connection.scalar(said) or connection.scalar(waits)
    return None if first is None or line.is_staff(first) else first


def _is_known(connection: Connection, message: Message) -> bool:
    """Return whether a line was taken in before, or has moved the conversation already."""
    seen = exists().where(accepted.c.event == message.id)
    return bool(connection.scalar(select(seen))) or was_moved_by(connection, message.id)


def _is_older_than_the_end(connection: Connection, message: Message) -> bool:
    """Return whether a line was written before a person's part ended: it was delivered late."""
    end = end_of_human(connection, message.conversation)
    return end is not None and message.sent_at + CLOCKS < end.at


def _opened(connection: Connection, line: OwnLine, customer: str) -> Row[Any]:
    """Open a case; its inside thread begins with the first line that needs one."""
    message = line.message
    wrote = (
        select(messages.c.at)
        .where(messages.c.conversation == message.conversation, messages.c.role == "customer")
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    row = {
        "kind": "handoff",
        "conversation": message.conversation,
        "event": message.id,
        "author": customer,
        "note": "",
        "opened_at": line.at,
        "team": line.team,
        "trigger": TRIGGER,
        "customer_at": connection.scalar(wrote) or line.at,
    }
    new = insert(connection, cases).values(**row).returning(*cases.c)
    return connection.execute(new).one()


def _yours(line: OwnLine, case: int, state: ConversationState) -> OutgoingPost:
    """Return what the colleague alone reads; needless once somebody else has the conversation."""
    message = line.message
    place = f"[this conversation]({line.link})" if line.link else "this conversation"
    return OutgoingPost(
        message.conversation,
        YOURS.format(place=place),
        message.id,
        message.author.key,
        Visibility.PRIVATE,
        message.readers,
        version=state.version,
        case_buttons=(CaseButton("return", case, RETURN),),
    )
