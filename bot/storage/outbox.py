"""The outbox's table: what is done to it inside a transaction.

A post is queued, then posting, and at last delivered, failed or cancelled. `posting` is stored
before the platform is asked: from then on it may stand there, whatever happens to us. Of each
lane only the first open post can be reserved, so that a lane is delivered in order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    exists,
    func,
    insert,
    select,
    text,
    update,
)

from bot.conversations.key import ConversationKey
from bot.errors import ClaimLost
from bot.ports import Backlog, OutgoingPost, ReservedPost
from bot.storage.cases import open_thread, thread_of
from bot.storage.conversation_states import hold_state, state_of
from bot.storage.outgoing_payload import decode, encode
from bot.storage.own_posts import is_persons, not_to_be_made
from bot.storage.tables import outbox

QUEUED, POSTING = "queued", "posting"
DELIVERED, FAILED, CANCELLED = "delivered", "failed", "cancelled"

OPEN = (QUEUED, POSTING)
"""States of what is still to be delivered."""

STANDING = 200
"""Earlier posts of a conversation that are told to whoever looks for one: as many as are read."""

_earlier = outbox.alias("earlier")
_FIRST = ~exists().where(
    _earlier.c.lane == outbox.c.lane, _earlier.c.state.in_(OPEN), _earlier.c.id < outbox.c.id
)
_STORE = insert(outbox).returning(outbox.c.id)
_FREE_STALLED = text(
    """
    UPDATE outbox SET token = NULL, worker = NULL
    WHERE token IS NOT NULL AND NOT EXISTS (
        SELECT FROM procrastinate_workers alive
        WHERE alive.id = outbox.worker
            AND alive.last_heartbeat >= now() - make_interval(secs => :seconds)
    )
    """
)


def enqueue(connection: Connection, posts: Sequence[OutgoingPost], *, now: datetime) -> list[int]:
    """Store posts in the transaction of their cause; return their numbers."""
    return [connection.execute(_STORE, _row(post, now)).scalar_one() for post in posts]


def any_due(connection: Connection, adapters: Collection[str], *, now: datetime) -> bool:
    """Return whether there is something to reserve."""
    return connection.execute(_due(adapters, now).limit(1)).first() is not None


def reserve(
    connection: Connection,
    adapters: Collection[str],
    *,
    limit: int,
    token: str,
    worker: int,
    now: datetime,
) -> list[ReservedPost]:
    """Mark what is due as being made; see `bot.ports.Outbox`."""
    due = _due(adapters, now).limit(limit).with_for_update(skip_locked=True, of=outbox)
    rows = connection.execute(due).all()
    needless = dict.fromkeys(_outdated(connection, rows), "the conversation has changed since")
    needless |= not_to_be_made(connection, [row for row in rows if row.id not in needless])
    needless |= _baseless(connection, [row for row in rows if row.id not in needless])
    for number, reason in needless.items():
        gone = update(outbox).where(outbox.c.id == number)
        connection.execute(gone.values(state=CANCELLED, reason=reason))
    taken = [row.id for row in rows if row.id not in needless]
    if not taken:
        return []
    begun = (
        update(outbox)
        .where(outbox.c.id.in_(taken))
        .values(
            state=POSTING,
            token=token,
            worker=worker,
            attempts=outbox.c.attempts + 1,
            begun_at=func.coalesce(
                outbox.c.begun_at, bindparam("now", type_=outbox.c.begun_at.type)
            ),
        )
        .returning(*outbox.c)
    )
    reserved = connection.execute(begun, {"now": now}).all()
    return [_reserved(connection, row) for row in sorted(reserved, key=lambda row: row.id)]


def record_delivered(
    connection: Connection, reserved: ReservedPost, *, platform_id: str, at: datetime
) -> None:
    """Record that a post stands on its platform; the thread of a case is known from then on."""
    _end(connection, reserved, state=DELIVERED, platform_id=platform_id, reason="")
    if reserved.post.kind == "thread":
        place = ConversationKey.parse(reserved.post.conversation)
        thread = str(place.in_thread(platform_id.split(maxsplit=1)[0]))
        open_thread(connection, reserved.post.case, thread=thread, at=at)
    if reserved.post.kind == "edit" and platform_id:  # it may stand in more messages now, or fewer
        changed = update(outbox).where(outbox.c.id == reserved.post.target)
        connection.execute(changed.values(platform_id=platform_id))


def put_back(
    connection: Connection, reserved: ReservedPost, *, reason: str, due_at: datetime
) -> None:
    """Give a post back; it stays `posting`, since it may stand on the platform."""
    _end(connection, reserved, reason=reason, due_at=due_at)


def record_failed(connection: Connection, reserved: ReservedPost, *, reason: str) -> None:
    """Give a post up."""
    _end(connection, reserved, state=FAILED, reason=reason)


def send_again(connection: Connection, number: int, *, now: datetime) -> int:
    """Send what was given up again, as it reads now; return the number of the new post.

    0: it was not given up, or what it carries was deleted meanwhile.
    """
    failed = select(outbox).where(outbox.c.id == number, outbox.c.state == FAILED)
    row = connection.execute(failed.where(outbox.c.kind == "post")).one_or_none()
    changed = select(outbox.c.kind, outbox.c.payload).where(
        outbox.c.target == number, outbox.c.kind.in_(("edit", "delete"))
    )
    last = connection.execute(changed.order_by(outbox.c.id.desc()).limit(1)).one_or_none()
    if row is None or (last is not None and last.kind == "delete"):
        return 0
    post = decode(row)
    if last is not None:
        post = replace(post, markdown=last.payload["markdown"])
    return enqueue(connection, [post], now=now)[0]


def cancel(connection: Connection, number: int) -> bool:
    """Let a post not be made; False when it has been begun, or is over."""
    waiting = (outbox.c.id == number) & (outbox.c.state == QUEUED)
    return bool(connection.execute(update(outbox).where(waiting).values(state=CANCELLED)).rowcount)


def free_all(connection: Connection) -> int:
    """Take everything out of the hand of the one worker that there was; return how much."""
    held = update(outbox).where(outbox.c.token.is_not(None)).values(token=None, worker=None)
    return connection.execute(held).rowcount


def free_stalled(connection: Connection, seconds: float) -> int:
    """Take posts out of the hands of workers not heard of for so long; return how many."""
    return connection.execute(_FREE_STALLED, {"seconds": seconds}).rowcount


def backlog(connection: Connection, *, now: datetime) -> Backlog:
    """Count what is due and not delivered, and tell since when the first of it is."""
    late = outbox.c.state.in_(OPEN) & (func.coalesce(outbox.c.begun_at, outbox.c.due_at) <= now)
    query = select(func.count(), func.min(func.coalesce(outbox.c.begun_at, outbox.c.due_at))).where(
        late
    )
    depth, since = connection.execute(query).one()
    return Backlog(depth, 0.0 if since is None else max(0.0, (now - since).total_seconds()))


def _due(adapters: Collection[str], now: datetime) -> Select[Any]:
    """Return the query for what may be made now, the first of each lane."""
    return (
        select(outbox.c.id, outbox.c.conversation, outbox.c.version, outbox.c.state)
        .add_columns(outbox.c.kind, outbox.c.case, outbox.c.target, outbox.c.queued_at)
        .where(
            outbox.c.state.in_(OPEN),
            outbox.c.due_at <= now,
            outbox.c.token.is_(None),
            outbox.c.adapter.in_(adapters),
            _FIRST,
        )
        .order_by(outbox.c.due_at, outbox.c.id)
    )


def _outdated(connection: Connection, rows: Sequence[Row[Any]]) -> set[int]:
    """Return those of some posts that were made for an earlier version of their conversation.

    The states stay as they are until the posts are marked. What may stand on the platform already
    is seen to its end.
    """
    bound = [row for row in rows if row.version is not None and row.state == QUEUED]
    for key in sorted({row.conversation for row in bound}):
        hold_state(connection, key)
    return {
        row.id for row in bound if state_of(connection, row.conversation).version != row.version
    }


def _baseless(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Return those of some posts that have nothing to stand under or to change, with the reason.

    What they wait for stands before them in their lane, so that it has ended.
    """
    found: dict[int, str] = {}
    for row in rows:
        if row.case and row.kind != "thread" and not thread_of(connection, row.case):
            found[row.id] = "its case has no thread"
        elif row.target and not _platform_ids(connection, row.target):
            found[row.id] = "what it changes was not delivered"
    return found


def _platform_ids(connection: Connection, number: int) -> tuple[str, ...]:
    """Return what a post stands in; nothing while it is not delivered."""
    query = select(outbox.c.platform_id).where(outbox.c.id == number, outbox.c.state == DELIVERED)
    return tuple((connection.scalar(query) or "").split())


def _row(post: OutgoingPost, now: datetime) -> dict[str, Any]:
    later = post.due_at is not None and post.due_at > now
    lane = f"case-{post.case}" if post.case else post.conversation
    return {
        "adapter": post.adapter,
        "conversation": post.conversation,
        "lane": f"{lane}#{post.cause}" if later else lane,
        "payload": encode(post),
        "kind": post.kind,
        "case": post.case,
        "target": post.target,
        "cause": post.cause,
        "author": post.author,
        "version": post.version,
        "queued_at": now,
        "due_at": post.due_at if later else now,
        "attempts": 0,
        "state": QUEUED,
        "platform_id": "",
        "reason": "",
    }


def _reserved(connection: Connection, row: Row[Any]) -> ReservedPost:
    post = decode(row)
    if post.case and post.kind != "thread":
        post = replace(post, conversation=thread_of(connection, post.case) or post.conversation)
    standing = _standing(connection, row.conversation) if row.attempts > 1 else ()
    return ReservedPost(
        post,
        row.id,
        row.token,
        row.attempts,
        row.queued_at,
        row.begun_at,
        frozenset(each for ids in standing for each in ids.split()),
        _platform_ids(connection, post.target) if post.target else (),
        relayed=is_persons(connection, row.id, row.target),
    )


def _standing(connection: Connection, conversation: str) -> Sequence[str]:
    delivered = (outbox.c.conversation == conversation) & (outbox.c.state == DELIVERED)
    query = select(outbox.c.platform_id).where(delivered).order_by(outbox.c.id.desc())
    return connection.scalars(query.limit(STANDING)).all()


def _end(connection: Connection, reserved: ReservedPost, **values: Any) -> None:  # noqa: ANN401
    """Let a post go out of hand.

    Raises:
        ClaimLost: It was taken over, or is gone.
    """
    ours = (outbox.c.id == reserved.number) & (outbox.c.token == reserved.token)
    change = update(outbox).where(ours).values(token=None, worker=None, **values)
    if connection.execute(change).rowcount != 1:
        raise ClaimLost(f"outgoing post {reserved.number} was taken over by another worker")
