"""GPT proposes what a message in an open form means, where nothing else could read it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace

import structlog

from bot.answering.forms.commands import Command
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.proposal_prompt import build_proposal
from bot.answering.forms.proposals import command_of, proposable, read_proposal
from bot.answering.forms.turn import FormTurn
from bot.answering.generation.budget import Budget, Purchase
from bot.answering.replies import Replies
from bot.errors import ChatModelUnavailable
from bot.form_events import form_event
from bot.open_form import PROVING, OpenForm
from bot.ports import ChatMessage, ChatModel, JsonSchema
from bot.privacy import Pseudonyms
from bot.responder import Turn

PATIENCE = 4.0
"""Seconds to wait for a proposal: the customer is waiting, and can be asked again."""

LONGEST = 1_000
"""Characters of a completion that are read."""

log = structlog.get_logger(__name__)


class ProposesCommands:
    """Asks GPT for a command, and validates it.

    Args:
        model: Proposes.
        budget: Pays, as for answers.
        machine: Knows what is asked, and reads slots.
        answers: Texts that admins wrote.
        patience: Seconds to wait.
    """

    def __init__(
        self,
        model: ChatModel,
        budget: Budget,
        machine: FormMachine,
        answers: Replies,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._model = model
        self._budget = budget
        self._machine = machine
        self._answers = answers
        self._patience = patience

    async def propose(
        self, turn: Turn, form: OpenForm, seen: FormTurn
    ) -> tuple[Turn, Command | None]:
        """Return the turn with what it cost, and the command; None: there is no valid one.

        While a proof of identity is asked for GPT is not asked: the message may be a code.
        """
        if form.step in PROVING:
            return turn, None
        entry = self._machine.entry(form)
        may = proposable(form, entry.slots)
        vault = Pseudonyms()
        hidden = await asyncio.to_thread(vault.hide, turn.text)

        def said(wording: Mapping[str, str] | None) -> str:
            return self._answers.texts(wording or {}, language=form.language, shown={})

        prompt = build_proposal(hidden, form, entry.slots, may, said)
        async with self._budget.purchase(turn.message, prompt) as purchase:
            if purchase.refusal:
                return turn.because(f"GPT was not asked: {purchase.refusal}"), None
            written = await self._completion(purchase, prompt, may.schema)
        turn = replace(turn, cost=turn.cost + purchase.cost)
        if purchase.failure:
            turn = turn.because(f"GPT failed: {purchase.failure}")
            return turn.because(form_event(form.intent, "gpt_failed")), None
        proposal = read_proposal(written)
        if proposal is None:
            return turn.because(form_event(form.intent, "gpt_refused")), None
        proposal = proposal.model_copy(update={"words": vault.restore(proposal.words)})
        command = command_of(proposal, form, turn.text, self._machine, seen)
        event = form_event(form.intent, "gpt_taken" if command is not None else "gpt_refused")
        return turn.because(f"GPT proposed {proposal.command}", event), command

    async def _completion(
        self, purchase: Purchase, prompt: list[ChatMessage], schema: JsonSchema
    ) -> str:
        """Return what the model writes; the purchase says why it failed, if it did."""
        written = ""
        completion = purchase.follow(self._model.stream(prompt, schema))
        try:
            async with asyncio.timeout(self._patience), aclosing(completion) as pieces:
                async for piece in pieces:
                    written += piece if isinstance(piece, str) else ""
                    if len(written) > LONGEST:
                        break
        except TimeoutError:
            purchase.failure = f"it proposed no command within {self._patience:g} s"
        except ChatModelUnavailable as error:
            purchase.failure = str(error)
        if purchase.failure:
            log.warning("gpt failed", reason=purchase.failure)
        return written
