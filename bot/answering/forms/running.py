"""Runs what a form needs: reads for choices, the action at its end, the proof of identity."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answering.actions.confirmation import values_hash
from bot.answering.forms.endings import Endings
from bot.answering.forms.questions import Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.shown import shown, shown_of, values_of
from bot.answering.forms.transitions import unasked
from bot.answering.forms.turn import FormTurn
from bot.answering.replies import Replies
from bot.open_form import PROVING, OpenForm, SlotValue
from bot.ports import (
    ActionInfo,
    ActionRequest,
    ActionResult,
    Actions,
    ProofDialogue,
    ProofStep,
)
from bot.understanding.intents.schema import IntentEntry


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check says of a value.

    Attributes:
        value: As the shop has it; None: it is refused.
        reason: Why it is refused; may be empty.
        reply: What is said instead where the check could not be made.
    """

    value: SlotValue | None = None
    reason: str = ""
    reply: FormReply | None = None


class RunsActions:
    """Runs the actions of forms.

    Args:
        replies: What admins wrote.
        questions: Words what is said.
        actions: The actions; None: there are none.
        proof: Asks for a proof of identity; None: a person is called where one is needed.
    """

    def __init__(
        self,
        replies: Replies,
        questions: Questions,
        actions: Actions | None = None,
        proof: ProofDialogue | None = None,
    ) -> None:
        self._replies = replies
        self._questions = questions
        self._endings = Endings(replies, questions)
        self._actions = actions
        self._proof = proof

    def is_available(self, action: str) -> bool:
        """Return whether the shop answers, as far as it is known."""
        info, actions = self.info(action), self._actions
        return not (info and actions) or (info.set_up and actions.is_available(action))

    def unavailable(self, form: OpenForm, turn: FormTurn, reason: str) -> FormReply:
        """Say that the shop does not answer, and what admins wrote for that."""
        return self._endings.unavailable(form, turn, reason)

    def info(self, action: str | None) -> ActionInfo | None:
        """Return what forms must know of an action."""
        return self._actions.info(action) if action and self._actions is not None else None

    async def read(
        self, form: OpenForm, action: str, turn: FormTurn, **values: object
    ) -> tuple[OpenForm, FormReply | None]:
        """Run a read action; return the form with its results, or what is said instead."""
        result, step = await self._run(form, action, turn, values)
        if result.state in ("done", "rehearsed"):
            return replace(form, results={**form.results, **result.values}), None
        return form, self._stopped(form, action, turn, result, step)

    async def glance(self, form: OpenForm, action: str, turn: FormTurn) -> OpenForm:
        """Run a read action where nothing is missing for it; return the form with its results."""
        request, info = self._request(form, action, turn, {}), self.info(action)
        if request is None or info is None or self._actions is None:
            return form
        if {*info.needs} - request.values.keys():
            return form
        result = await self._actions.run(request)
        return replace(form, results={**form.results, **result.values})

    async def check(
        self, form: OpenForm, name: str, action: str, value: SlotValue, turn: FormTurn
    ) -> Checked:
        """Let a read action check the value of a slot."""
        more = {name: value.value, "value": value.value}
        result, step = await self._run(form, action, turn, more)
        if result.state == "rehearsed":
            return Checked(value)
        if result.state != "done":
            return Checked(reply=_holding(self._stopped(form, action, turn, result, step), value))
        if result.values.get("ok") is not True:
            return Checked(reason=shown(result.values.get("reason"), form.language))
        taken = result.values.get("value", value.value)
        return Checked(SlotValue(taken, str(result.values.get("shown") or value.shown)))

    def confirm_again(self, form: OpenForm, entry: IntentEntry) -> FormReply:
        """Show again what is to be confirmed."""
        return self._confirm(form, entry, entry.action or "")

    async def finish(self, form: OpenForm, entry: IntentEntry, turn: FormTurn) -> FormReply:
        """Run the intent's action, if it has one, and reply."""
        if not entry.action:
            return self._endings.reply(form, entry, turn, ActionResult("done"), None)
        result, step = await self._run(form, entry.action, turn, {})
        if result.state in ("unproven", "unavailable"):
            return self._stopped(form, entry.action, turn, result, step)
        if result.state == "not_confirmed":
            return self._confirm(form, entry, entry.action)
        return self._endings.reply(form, entry, turn, result, self.info(entry.action))

    async def prove_first(self, form: OpenForm, action: str, turn: FormTurn) -> FormReply | None:
        """Ask for the proof that a check needs before its question, if that needs no value.

        None: the question can be asked.
        """
        info, request = self.info(action), self._request(form, action, turn, {})
        if self._proof is None or info is None or request is None:
            return None
        if not info.proof or "code" in info.proof:  # codes are sent for what the form has
            return None
        step = await self._proof.begin(request, info.proof)
        if step.state != "asked":
            return None
        return self._stopped(form, action, turn, ActionResult("unproven"), step)

    async def prove(self, form: OpenForm, turn: FormTurn) -> FormReply | None:
        """Read an answer to the question for a proof.

        Returns:
            What is said next; its form waits for nothing once the proof is there. None: the message
            is no answer.
        """
        request = self._request(form, form.asked, turn, {})
        if self._proof is None or request is None:
            reason = "nobody can prove anything here"
            return FormReply(None, reason, person=True, ending="unproven")
        step = await self._proof.receive(turn.message, request)
        match step.state:
            case "no_answer":
                return None
            case "proven":
                return FormReply(unasked(form), "the customer is known", (step.said,))
            case "asked" | "offered":
                waiting = replace(form, step="proof")
                return FormReply(waiting, "a proof of identity is asked for", (step.said,))
            case "ended":
                reason = "no proof of identity: no further try is left"
                return FormReply(None, reason, (step.said,), person=True, ending="unproven")

    def _request(
        self, form: OpenForm, action: str, turn: FormTurn, more: dict[str, object]
    ) -> ActionRequest | None:
        info = self.info(action)
        if info is None:
            return None
        held = {**values_of(form), **more}
        values = {name: held[name] for name in info.needs if name in held}
        return ActionRequest(
            action,
            values,
            turn.message,
            form.language,
            form=form.id,
            step=action,
            confirmed=form.confirmed,
        )

    async def _run(
        self, form: OpenForm, action: str, turn: FormTurn, more: dict[str, object]
    ) -> tuple[ActionResult, ProofStep | None]:
        """Run an action; where a proof is missing, ask for it, or run again once it is there."""
        request, info = self._request(form, action, turn, more), self.info(action)
        if request is None or info is None or self._actions is None:
            return ActionResult("unproven", reason=f"there is no action {action}"), None
        result = await self._actions.run(request)
        if result.state != "unproven" or self._proof is None:
            return result, None
        step = await self._proof.begin(request, info.proof, sends=not turn.moved)
        if step.state == "proven":
            result = await self._actions.run(request)
        return result, step

    def _confirm(self, form: OpenForm, entry: IntentEntry, action: str) -> FormReply:
        """Ask to confirm a write; the button carries the hash of the values."""
        info = self.info(action)
        held = values_of(form)
        needs = info.needs if info is not None else ()
        digest = values_hash({name: held[name] for name in needs if name in held})
        form = replace(unasked(form), step="confirm", asked=digest)
        said = self._replies.texts(
            info.confirm if info is not None else {},
            language=form.language,
            shown=shown_of(form),
        )
        if not said:
            summary = self._questions.summary(entry, form)
            title = self._questions.title(form)
            said = self._questions.say("form_confirm", form, title=title, summary=summary)
        buttons = self._questions.confirmation(form, digest)
        return FormReply(form, f"asks to confirm {action}", (said,), buttons)

    def _stopped(
        self,
        form: OpenForm,
        action: str,
        turn: FormTurn,
        result: ActionResult,
        step: ProofStep | None,
    ) -> FormReply:
        """Return what is said when an action did not run, or a read failed."""
        if result.state == "unavailable":
            return self.unavailable(form, turn, result.reason)
        if result.state != "unproven":
            return self._endings.failed_read(form, turn, result, self.info(action))
        if step is not None and step.state == "offered":
            offered = replace(unasked(form), step="offer", asked=action)
            reason = "asks whether a code is to be sent"
            return FormReply(offered, reason, (step.said,), self._questions.yes_no(form))
        if step is not None and step.state == "asked":
            waiting = replace(unasked(form), step="proof", asked=action)
            return FormReply(waiting, "asks for a proof of identity", (step.said,))
        reason = f"{action} needs a proof of identity, which cannot be had: {result.reason}"
        said = step.said if step is not None else ""
        return FormReply(None, reason, (said,), person=True, ending="unproven")


def _holding(reply: FormReply, value: SlotValue) -> FormReply:
    """Return a reply whose form keeps a value that is checked once the proof is there."""
    if reply.form is None or reply.form.step not in PROVING:
        return reply
    return replace(reply, form=replace(reply.form, proposed=value))
