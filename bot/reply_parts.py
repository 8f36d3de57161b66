"""Parts of a reply as the responder changes them, and what it lets stages read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.messages import Button, Cite, DecisionKind, Done, Message, Offer, Part, Say
from bot.text.shorten import shortened


class ClosingText:
    """Ends a reply that says something with the open question of a form."""

    def __init__(self) -> None:
        self._said: Say | None = None

    def around(self, part: Part, closing: str) -> Iterator[Part]:
        """Yield a part, with the question before the first buttons, or before the end.

        It is left out where a person has the conversation from now on: that closes the form.
        """
        ends = isinstance(part, Offer | Cite | Done)
        handed = isinstance(part, Done) and part.state is not None
        if ends and closing and self._said is not None and not handed:
            yield Say("\n\n" + closing, self._said.visibility)
            self._said = None
        elif isinstance(part, Say):
            self._said = part
        yield part


class AddedButtons:
    """Puts the buttons that a stage adds under a reply: beside its own, or by themselves."""

    def __init__(self) -> None:
        self._said = self._offered = False

    def around(self, part: Part, offers: tuple[Button, ...]) -> Iterator[Part]:
        """Yield a part, with the buttons where they belong."""
        if isinstance(part, Offer) and offers and not self._offered:
            part = Offer((*part.buttons, *offers))
            self._offered = True
        wanted = offers and self._said and not self._offered
        # after a handoff a person was asked already
        if isinstance(part, Done) and wanted and part.decision.kind is not DecisionKind.HANDOFF:
            yield Offer(offers)
        self._said = self._said or isinstance(part, Say)
        yield part


def with_times(part: Part, milliseconds: Mapping[str, float]) -> Part:
    """Return a part; a decision with the working time of each stage."""
    if not isinstance(part, Done):
        return part
    return replace(part, decision=replace(part.decision, milliseconds=dict(milliseconds)))


def cut_lines(conversation: Conversation, longest: int) -> Conversation:
    """Return a conversation of which no line has more characters than stages see."""

    def cut(lines: tuple[TranscriptEntry, ...]) -> tuple[TranscriptEntry, ...]:
        return tuple(replace(each, text=shortened(each.text, longest)) for each in lines)

    return replace(conversation, turns=cut(conversation.turns), lines=cut(conversation.lines))


def readable(conversation: Conversation, message: Message) -> Conversation:
    """Leave out private turns where others will read the answer: it may be made of them."""
    if message.answered_alone:
        return conversation
    turns = tuple(turn for turn in conversation.turns if not turn.private)
    lines = tuple(line for line in conversation.lines if not line.private)
    decisions = tuple(each for each in conversation.decisions if not each.private)
    return replace(conversation, turns=turns, decisions=decisions, lines=lines)
