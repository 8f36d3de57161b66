"""What follows when a post of the outbox is delivered or given up: marks and words for staff.

A line of staff is marked in the transaction that records what became of its post, so that marks
and reality cannot differ.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.conversations.key import ConversationKey
from bot.ports import CaseButton, OutgoingPost, ReservedPost
from bot.ports.outbox import Mark
from bot.storage.case_threads import place_of_case, post_inside, touch_conversation
from bot.storage.cases import open_undelivered, thread_of
from bot.storage.dialect import insert
from bot.storage.outbox import enqueue, record_delivered, record_failed
from bot.storage.relays import Relay, relay_of_post
from bot.storage.tables import cases, messages, outbox

NOT_DELIVERED = "\N{WARNING SIGN} This did not reach the customer: {reason}"
NOT_CHANGED = "\N{WARNING SIGN} The customer's copy still says what it said before: {reason}"
NOT_DELETED = "\N{WARNING SIGN} The customer's copy could not be deleted: {reason}"
FILES_MISSING = (
    "\N{WARNING SIGN} Not passed on, since the platform no longer gives the content: {files}. "
    "The customer was told."
)
CUSTOMERS_FILES_MISSING = (
    "\N{WARNING SIGN} The customer's file could not be fetched: {files}. The customer was told."
)
RETRY = "Retry"

_SENTENCES = {"post": NOT_DELIVERED, "edit": NOT_CHANGED, "delete": NOT_DELETED}


def delivered(
    connection: Connection, reserved: ReservedPost, *, platform_id: str, at: datetime
) -> None:
    """Record that a post stands on its platform; mark the line of staff that it carries.

    What the bot goes on with in another place is a line of the transcript there from then on.
    """
    record_delivered(connection, reserved, platform_id=platform_id, at=at)
    if reserved.post.kind == "thread":  # what is missed there is caught up with
        key = thread_of(connection, reserved.post.case)
        touch_conversation(connection, key, at=at, spoken=True)
    if reserved.post.remembered:
        _remember(connection, reserved.post, at)
    relay = relay_of_post(connection, reserved.number)
    case = _case(connection, relay)
    if relay is None or case is None or reserved.post.kind != "post":
        return
    if relay.direction == "to_customer":
        _mark(connection, case, relay, "failed" if _says_nothing(reserved) else "sent", at)
        if reserved.missing:
            said = FILES_MISSING.format(files=", ".join(reserved.missing))
            post_inside(connection, case, said, cause=f"{relay.source}:files", at=at)
    elif reserved.missing:
        _tell_customer(connection, case, reserved, at)


def _remember(connection: Connection, post: OutgoingPost, at: datetime) -> None:
    """Put what the bot says into the transcript of the conversation that it is said in."""
    touch_conversation(connection, post.conversation, at=at, spoken=True)
    place = ConversationKey.parse(post.conversation)
    row = {
        "conversation": post.conversation,
        "event": str(place.message(post.cause.replace(":", "/"), "elsewhere")),
        "role": "bot",
        "author": post.author,
        "text": post.markdown,
        "private": False,
        "at": at,
    }
    connection.execute(insert(connection, messages).values(**row).on_conflict_do_nothing())


def _says_nothing(reserved: ReservedPost) -> bool:
    """Return whether nothing of a line has arrived: it was a file, and that was gone.

    What was posted then is a name, and below it that a file could not be passed on.
    """
    if not reserved.missing or reserved.contents:
        return False
    name, *said = reserved.post.markdown.split("\n\n")
    return name.startswith("**") and name.endswith(":**") and len(said) == 1


def failed(connection: Connection, reserved: ReservedPost, *, reason: str, now: datetime) -> None:
    """Record that a post was given up; say so where staff look.

    Of a line of staff that is its case thread, with a way to send it again; else a case is kept,
    unless something else is to be posted instead.
    """
    record_failed(connection, reserved, reason=reason)
    post = reserved.post
    if post.instead is not None:
        enqueue(connection, [post.instead], now=now)
        return
    relay = relay_of_post(connection, post.target or reserved.number)
    case = _case(connection, relay)
    if relay is not None and case is not None and relay.direction == "to_customer":
        _tell_staff(connection, case, relay, reserved, reason, now)
        if place_of_case(connection, case):
            return
    if post.kind in ("post", "thread"):
        open_undelivered(connection, reserved, note=reason, at=now)


def _case(connection: Connection, relay: Relay | None) -> Row[Any] | None:
    if relay is None:
        return None
    return connection.execute(select(cases).where(cases.c.id == relay.case)).one_or_none()


def _tell_staff(
    connection: Connection,
    case: Row[Any],
    relay: Relay,
    reserved: ReservedPost,
    reason: str,
    at: datetime,
) -> None:
    """Mark a line that could not be delivered, and say why below it."""
    kind = reserved.post.kind
    said = _SENTENCES[kind].format(reason=in_words(reason))
    buttons = []
    if kind == "post":
        _mark(connection, case, relay, "failed", at)
        about = str(reserved.number)
        buttons.append(CaseButton("retry", case.id, RETRY, about, "primary"))
    cause = f"{relay.source}:{reserved.number}"
    post_inside(connection, case, said, cause=cause, at=at, buttons=buttons)


def in_words(reason: str) -> str:
    """Return a reason without the name of the error's class, for people.

    >>> in_words("AdapterError: the customer takes no direct messages")
    'the customer takes no direct messages'
    """
    name, colon, said = reason.partition(": ")
    return said if colon and name.isidentifier() else reason


def _mark(connection: Connection, case: Row[Any], relay: Relay, mark: Mark, at: datetime) -> None:
    """Mark the line of staff, or the inside copy of what they sent with a form."""
    place = place_of_case(connection, case)
    if not place:
        return
    copy = copy_of(connection, relay)
    post = OutgoingPost(
        place,
        "",
        relay.source,
        case.author,
        kind="mark",
        case=case.id,
        target=copy,
        marked="" if copy else relay.source,
        mark=mark,
    )
    enqueue(connection, [post], now=at)


def copy_of(connection: Connection, relay: Relay) -> int:
    """Return the number of the inside copy of what was sent with a form; 0: it is a line."""
    query = select(outbox.c.id).where(
        outbox.c.cause == relay.source, outbox.c.case == relay.case, outbox.c.kind == "post"
    )
    first = connection.execute(query.order_by(outbox.c.id).limit(1)).scalar_one_or_none()
    return first or 0


def _tell_customer(
    connection: Connection, case: Row[Any], reserved: ReservedPost, at: datetime
) -> None:
    """Tell a customer that staff did not get a file."""
    said = reserved.post.unfetched.replace("{files}", ", ".join(reserved.missing))
    if said:
        post = OutgoingPost(case.conversation, said, f"{reserved.post.cause}:files", case.author)
        enqueue(connection, [post], now=at)
