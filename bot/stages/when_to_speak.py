"""Decides whether a message in a shared place is for the bot; stands before all that answers.

Direct messages, mentions, commands and presses always are. In a thread that the bot takes part in,
and in a channel with `support: true`, structure decides first: whom the message names or replies
to, who spoke last, who owns the conversation. Only then what it says does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from bot.addressing import SHARED
from bot.conversations.key import AuthorKey
from bot.conversations.transcript import TranscriptEntry
from bot.messages import Addressing, DecisionKind, Message, Part, Pressed
from bot.ownership import Owner
from bot.ports import (
    Addressed,
    ChannelLines,
    Clock,
    ConversationStates,
    Forms,
    Languages,
    ReadsAddressed,
)
from bot.responder import Turn

ASKS = 0.45
"""How surely a line must ask the desk something, and ..."""

MARGINS = {"at once": 0.0, "later": 0.15, "channel": 0.2}
"""... by how much more than it is talk: right after an answer to its author, elsewhere in a thread,
and in a channel, where only sure answers follow. Chosen on left-out lines of the head's examples,
where 0.15 leaves 5 % of the questions alone and answers 4 % of the talk."""

TALKS = 0.6
"""How surely a line must be talk so that it is no answer to the bot's own question."""

STAFF_SPOKE = timedelta(minutes=10)
"""How long nobody is answered unasked in a channel after a line of staff there."""

_QUESTION_MARKS = ("?", "？", "؟")
_NEAR_END = 120  # characters


class WhenToSpeak:
    """Leaves messages that are not for the bot unanswered, in silence.

    Args:
        reads: Reads whom a line speaks to. Without such a head every follow-up in a thread is
            answered, as before, and nothing in a channel.
        languages: Tells the language of a line.
        states: Tells who owns a conversation.
        forms: Tells whose form is open.
        channels: Tells who wrote in a channel lately.
        clock: Tells what is lately.
    """

    def __init__(
        self,
        reads: ReadsAddressed,
        languages: Languages,
        states: ConversationStates,
        forms: Forms,
        channels: ChannelLines,
        clock: Clock,
    ) -> None:
        self._reads = reads
        self._languages = languages
        self._states = states
        self._forms = forms
        self._channels = channels
        self._clock = clock

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Decide for silence, or pass on what is for the bot."""
        message = turn.message
        if isinstance(turn.event, Pressed) or message.addressing not in SHARED:
            return
        for_bot, reason = await self._judge(turn)
        if for_bot:
            yield turn.because(reason)
        else:
            yield turn.decide(DecisionKind.SILENT, f"not for the bot: {reason}")

    async def _judge(self, turn: Turn) -> tuple[bool, str]:
        """Return whether a message is for the bot, and why."""
        message = turn.message
        if person := _spoken_to(message):
            return False, person
        if message.addressing is Addressing.AMBIENT:
            return await self._judge_ambient(turn)
        if await self._forms.form(message.conversation, message.author.key) is not None:
            return True, "answers the open form"
        state = await self._states.state(message.conversation)
        if state.owner is Owner.HUMAN:
            return False, "a person owns the conversation"
        lines = turn.conversation.lines
        if _staff_took_over(lines):
            return False, "staff spoke last"
        read = await self._read(turn)
        if read is None:
            return True, "the model does not tell talk from questions"
        if _is_open_question(lines, message.author.key) and read.talks < TALKS:
            return True, f"answers the bot's question (talk {read.talks:.2f})"
        return _asks(read, "at once" if _was_answered_last(lines, message) else "later")

    async def _judge_ambient(self, turn: Turn) -> tuple[bool, str]:
        since = self._clock.now() - STAFF_SPOKE
        before = await self._channels.latest(turn.message, since=since)
        if before and before[0].kind == DecisionKind.STAFF:
            return False, "staff spoke last in the channel"
        read = await self._read(turn)
        if read is None:
            return False, "the model does not tell talk from questions"
        return _asks(read, "channel")

    async def _read(self, turn: Turn) -> Addressed | None:
        language = self._languages.detect(turn.text, prior=turn.language)
        found = await self._reads.addressed([turn.text], language=language)
        return found[0] if found else None


def _asks(read: Addressed, where: str) -> tuple[bool, str]:
    """Return whether a line asks the desk something, and how surely."""
    scores = f"asks {read.asks:.2f}, talk {read.talks:.2f}"
    if read.asks >= ASKS and read.asks - read.talks >= MARGINS[where]:
        return True, f"a question for the desk ({scores})"
    return False, f"no question for the desk ({scores})"


def _spoken_to(message: Message) -> str:
    """Return why a message is for somebody else, by whom it names or replies to; else nothing."""
    author = AuthorKey.parse(message.author.key)
    others = [AuthorKey.parse(each) for each in message.to.people]
    if any(not each.is_same_person(author) for each in others):
        return "it names somebody else"
    replied_to = message.to.reply_to
    if replied_to and not AuthorKey.parse(replied_to).is_same_person(author):
        return "it replies to somebody else"
    if message.author.bot and message.addressing is Addressing.THREAD:
        return "a bot speaks in a thread"
    return ""


def _staff_took_over(lines: Sequence[TranscriptEntry]) -> bool:
    """Return whether staff have spoken since the bot's last line."""
    for line in reversed(lines):
        if line.role != "customer":
            return line.role == "staff"
    return False


def _was_answered_last(lines: Sequence[TranscriptEntry], message: Message) -> bool:
    """Return whether the last line is the bot's, to the author of a message."""
    last = lines[-1] if lines else None
    return last is not None and last.role == "bot" and last.author == message.author.key


def _is_open_question(lines: Sequence[TranscriptEntry], author: str) -> bool:
    """Return whether the bot's last line asks this person something, and nobody else has since."""
    at = next((at for at in reversed(range(len(lines))) if lines[at].role == "bot"), None)
    if at is None or lines[at].author != author or not _is_question(lines[at].text):
        return False
    last = lines[-1]
    return last.role == "bot" or last.author == author or not _is_question(last.text)


def _is_question(text: str) -> bool:
    """Return whether a text asks something near its end.

    >>> _is_question("When did you buy it? The month will do."), _is_question("Fine.")
    (True, False)
    """
    return any(mark in text[-_NEAR_END:] for mark in _QUESTION_MARKS)
