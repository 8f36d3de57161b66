"""Links and unlinks accounts of the shop, by a word that customers write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import DecisionKind, Message, Part, Received, Say, Visibility
from bot.open_form import PROVING
from bot.ports import Forms, LinksAccounts, ProofDialogue
from bot.ports.actions import ActionRequest
from bot.responder import Turn
from bot.text.phrases import begins_with

UNLINK, LINK = "unlink_account", "link_account"
"""Cues of the words that messages begin with."""

FEW_WORDS = 15
"""Words of a message that is a command; a longer one tells a story."""


class LinkAccount:
    """Takes "link CODE" in private, and "unlink" everywhere.

    Args:
        accounts: Links and unlinks, and says so.
        forms: Where a form asks for the proof, it takes the code itself.
    """

    def __init__(self, accounts: LinksAccounts, forms: Forms) -> None:
        self._accounts = accounts
        self._forms = forms

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Carry the command out and say so, to its author alone."""
        message = turn.message
        if not isinstance(turn.event, Received) or len(message.text.split()) > FEW_WORDS:
            return
        text = message.text.strip().removeprefix("/")
        if begins_with(text, UNLINK):
            said, reason = await self._accounts.unlink(message, turn.language), "unlinked"
        elif message.answered_alone and begins_with(text, LINK) and not await self._asked(message):
            request = ActionRequest("", {}, message, turn.language)
            said, reason = await self._accounts.link(request), "wants to link an account"
        else:
            return
        if said:
            yield replace(turn, introduces=False)
            yield Say(said, Visibility.PRIVATE)
            yield turn.decide(DecisionKind.COMMAND, f"a customer: {reason}")

    async def _asked(self, message: Message) -> bool:
        """Return whether a form of the customer waits for a proof here."""
        form = await self._forms.form(message.conversation, message.author.key)
        return form is not None and form.step in PROVING


class VoidCode:
    """Voids a code that was written where others read it, and says so there.

    Stands before whatever is silent to talk between people: others read it in any case.

    Args:
        dialogue: Knows the codes.
        forms: Whether a proof is asked for in private, to which the code may be an answer.
    """

    def __init__(self, dialogue: ProofDialogue, forms: Forms) -> None:
        self._dialogue = dialogue
        self._forms = forms

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Void the code of a message, if it has one of its author's."""
        message = turn.message
        if not isinstance(turn.event, Received) or message.answered_alone:
            return
        speaks = replace(message, author=replace(message.author, locale=turn.language))
        asked = await self._is_asked(message)
        said = await self._dialogue.void_public_code(speaks, asked=asked)
        if said:
            yield replace(turn, introduces=False)
            yield Say(said)
            yield turn.decide(DecisionKind.COMMAND, "a code stood where others read it: void")

    async def _is_asked(self, message: Message) -> bool:
        """Return whether a message of one word may answer a question that was asked in private."""
        if len(message.text.split()) != 1:
            return False
        form = await self._forms.moved(message.conversation, message.author.key)
        return form is not None and form.step in PROVING
