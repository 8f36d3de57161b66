"""A platform with case threads: it takes posts, edits, deletions and marks, and fails when told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.conversations.key import ConversationKey, MessageId
from bot.errors import AdapterError
from bot.messages import Attachment
from bot.ports import CaseButton, FileContent, ReservedPost
from tests.delivery.platform import ListAdapter

PEOPLE = {"U1": "Ann Lee", "S1": "Bob", "S2": "Cleo"}


@dataclass(slots=True)
class Standing:
    """A post as it stands."""

    place: str
    text: str
    buttons: tuple[CaseButton, ...] = ()
    files: tuple[FileContent, ...] = ()
    title: str = ""


@dataclass
class DeskPlatform(ListAdapter):
    """Keeps what stands there.

    Attributes:
        name: Of the adapter.
        standing: Every post that stands, by the platform's id, in their order.
        marks: The mark on each message, by the platform's id.
        refusals: Raised in turn before something is done.
        losses: Raised in turn after something was done: its answer is lost.
        contents: Of files, by their source.
    """

    name: str = "chat"
    standing: dict[str, Standing] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)
    losses: list[Exception] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    calls: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def place(self, channel: str) -> ConversationKey:
        return ConversationKey(self.name, "app", channel)

    async def name_of(self, person: str) -> str:
        return PEOPLE.get(person.rpartition(":")[2], "")

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        content = self.contents.get(attachment.source)
        if content is None or len(content) > limit:
            raise AdapterError("the file is gone")
        return content

    async def deliver(self, reserved: ReservedPost) -> str:
        self.calls += 1
        await asyncio.sleep(self.pause)
        if self.refusals:
            raise self.refusals.pop(0)
        if reserved.repeated and reserved.key in self.known:
            return self.known[reserved.key]
        done = self.known[reserved.key] = self._do(reserved)
        if self.losses:
            raise self.losses.pop(0)
        return done

    def _do(self, reserved: ReservedPost) -> str:
        post = reserved.post
        number = f"{self.name}-{len(self.known) + 1}"
        if post.kind in ("post", "thread"):
            place, files = post.conversation, reserved.contents
            self.standing[number] = Standing(
                place, post.markdown, post.case_buttons, files, post.title
            )
            return number
        if post.kind == "mark":
            marked = MessageId.parse(post.marked).platform_id if post.marked else ""
            number = (*reserved.changes, marked)[0]
            self.marks[number] = post.mark
            return number
        for each in reserved.changes:
            if each not in self.standing:
                raise AdapterError("it is gone")
            if post.kind == "edit":
                self.standing[each].text = post.markdown
            else:
                del self.standing[each]
        return reserved.changes[0]

    def texts(self, place: str) -> list[str]:
        """What stands in a place, in order."""
        return [each.text for each in self.standing.values() if each.place == place]
