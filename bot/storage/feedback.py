"""Stored feedback: what people think of an answer, one vote each, which they may change."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select

from bot.conversations.key import AuthorKey, channel_of
from bot.messages import Voted
from bot.ports import Clock
from bot.ports.conversations import VoteResult
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import decisions, feedback


class StoredFeedback:
    """The `Feedback` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def vote(self, voted: Voted) -> VoteResult:
        """Store a vote, or change it; `unknown` where no such answer stands, or not there.

        A reason belongs to its verdict: another verdict drops it.
        """
        return await self._database.write(partial(self._vote, voted=voted))

    def _vote(self, connection: Connection, *, voted: Voted) -> VoteResult:
        judged = select(decisions.c.conversation, decisions.c.author)
        row = connection.execute(judged.where(decisions.c.message == voted.answer)).first()
        if row is None or not _stands_there(voted, row.conversation, row.author):
            return "unknown"
        author = voted.message.author.key
        mine = (feedback.c.message == voted.answer) & (feedback.c.author == author)
        earlier = connection.execute(select(feedback).where(mine)).one_or_none()
        kept = earlier.comment if earlier and earlier.verdict == voted.verdict else ""
        values = {
            "at": self._clock.now(),
            "verdict": voted.verdict,
            "comment": voted.message.text or kept,
        }
        fresh = insert(connection, feedback).values(
            message=voted.answer,
            conversation=row.conversation,
            author=author,
            **values,
        )
        vote = fresh.on_conflict_do_update(index_elements=["message", "author"], set_=values)
        connection.execute(vote)
        return "stored"


def _stands_there(voted: Voted, conversation: str, asker: str) -> bool:
    """Return whether an answer can be seen where it is judged; a private one went to its asker."""
    if channel_of(conversation) == channel_of(voted.message.conversation):
        return True
    author = voted.message.author.key
    return bool(asker) and AuthorKey.parse(asker).is_same_person(AuthorKey.parse(author))
