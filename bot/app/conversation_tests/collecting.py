"""A whole reply, collected from its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.app.conversation_tests.recorded_shop import ShopCall
from bot.messages import (
    Button,
    Cite,
    Decision,
    DecisionKind,
    Done,
    Offer,
    Part,
    Say,
    Source,
    Visibility,
)
from bot.open_form import FormChange, OpenForm


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an event.

    Attributes:
        decision: None: the message was not meant for the bot, which did not take it in.
        pressed: The intent that the pressed button stands for; empty when it stands for none.
        shown: Who could read the pieces of the text.
        form: The form that its author has open afterwards.
        before: The one that they had open before.
        calls: What the shop was asked.
    """

    decision: Decision | None = None
    text: str = ""
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    shown: frozenset[Visibility] = frozenset()
    pressed: str = ""
    form: OpenForm | None = None
    before: OpenForm | None = None
    calls: tuple[ShopCall, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Nothing is said."""
        return not (self.text.strip() or self.buttons or self.sources)

    @property
    def kind(self) -> str:
        """The decision in a word."""
        return str(self.decision.kind) if self.decision else "not taken in"

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents that were answered, or the likeliest one of those that were asked about.

        In a form, the one whose form it is.
        """
        if self.decision is None:
            return ()
        form = self.form or self.before
        if self.decision.kind is DecisionKind.FORM and form is not None:
            return (form.intent,)
        named = [part for part in self.decision.parts if part.kind in _BY_INTENT]
        if self.pressed and named:
            return (self.pressed,)
        return tuple(intent.name for part in named for intent in part.intents[:1])


_BY_INTENT = {
    DecisionKind.INTENT,
    DecisionKind.RECOMMEND,
    DecisionKind.HANDOFF,
    DecisionKind.CLARIFY,
    DecisionKind.FORM,
    DecisionKind.RECOMMEND,
}


class ReplyCollector:
    """Passes parts on, and keeps them."""

    def __init__(self) -> None:
        self._said: list[Say] = []
        self._buttons: tuple[Button, ...] = ()
        self._sources: tuple[Source, ...] = ()
        self._decision: Decision | None = None
        self.change: FormChange | None = None
        """What becomes of the author's form; None: it stays as it is."""

    async def passing(self, parts: AsyncIterator[Part]) -> AsyncIterator[Part]:
        """Yield the parts as they come."""
        async for part in parts:
            match part:
                case Say():
                    self._said.append(part)
                case Offer(buttons):
                    self._buttons = buttons
                case Cite(sources):
                    self._sources = sources
                case Done(decision, form=change):
                    self._decision, self.change = decision, change
            yield part

    def reply(self, pressed: str = "") -> Reply:
        """Return what has come so far."""
        return Reply(
            self._decision,
            "".join(piece.markdown for piece in self._said),
            self._buttons,
            self._sources,
            frozenset(piece.visibility for piece in self._said if piece.markdown.strip()),
            pressed,
        )
