"""Words how forms end: by the reply that admins wrote, or by what is said where there is none."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.conditions import ERROR, UNAVAILABLE
from bot.answering.forms.questions import Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.shown import shown_of, values_of
from bot.answering.forms.turn import FormTurn
from bot.answering.replies import Replies
from bot.messages import Visibility
from bot.open_form import OpenForm
from bot.ports import ActionInfo, ActionResult, Answer
from bot.understanding.intents.schema import IntentEntry


class Endings:
    """The ends of forms.

    Args:
        replies: What admins wrote.
        questions: Words what is said.
    """

    def __init__(self, replies: Replies, questions: Questions) -> None:
        self._replies = replies
        self._questions = questions

    def reply(
        self,
        form: OpenForm,
        entry: IntentEntry,
        turn: FormTurn,
        result: ActionResult,
        info: ActionInfo | None,
    ) -> FormReply:
        """Reply to a form whose action has run."""
        form = replace(form, results={**form.results, **result.values})
        failed = result.state not in ("done", "rehearsed")
        answer = None
        if not failed or result.error:
            answer = self._answer(form, turn, result.error)
        if answer is None:
            return self._without_reply(form, entry, result, info)
        said = [answer.markdown]
        if result.state == "rehearsed":
            said.append(self._rehearsed(form, result))
        return FormReply(
            None,
            f"{form.intent}: the form is filled" + (f", {result.error}" if result.error else ""),
            tuple(said),
            suggestions=answer.suggestions,
            private=answer.visibility is not Visibility.PUBLIC,
            person=answer.handoff,
            team=answer.team,
            ending="done",
        )

    def unavailable(self, form: OpenForm, turn: FormTurn, reason: str) -> FormReply:
        """Say that the shop does not answer, and what admins wrote for that."""
        answer = self._answer(form, turn, UNAVAILABLE)
        said = (self._questions.say("form_unavailable", form), answer.markdown if answer else "")
        return FormReply(None, reason, said, failed=reason, ending="failed")

    def failed_read(
        self, form: OpenForm, turn: FormTurn, result: ActionResult, info: ActionInfo | None
    ) -> FormReply:
        """Say what admins wrote for the error of a read that a form needs, or for its failure."""
        answer = self._answer(form, turn, result.error) if result.error else None
        if answer is None:
            return self._failed(form, result, info)
        return FormReply(
            None,
            f"{info.name if info else 'a read'}: {result.error}",
            (answer.markdown,),
            suggestions=answer.suggestions,
            private=answer.visibility is not Visibility.PUBLIC,
            ending="done",
        )

    def _answer(self, form: OpenForm, turn: FormTurn, error: str) -> Answer | None:
        """Return the reply that admins wrote for what the form knows; None: there is none."""
        return self._replies.result(
            form.intent,
            language=form.language,
            platform=turn.platform,
            seed=turn.message.id,
            values=values_of(form) | ({ERROR: error} if error else {}),
            shown=shown_of(form),
        )

    def _without_reply(
        self, form: OpenForm, entry: IntentEntry, result: ActionResult, info: ActionInfo | None
    ) -> FormReply:
        """Say how an action ended for which no reply is written."""
        match result.state:
            case "done":
                reason = f"{form.intent}: done"
                said = self._questions.say("form_done", form)
                handoff = entry.handoff
                team = (handoff.team if handoff else None) or ""
                own = "" if handoff is not None else said
                handed = handoff is not None
                return FormReply(None, reason, (own,), person=handed, team=team, ending="done")
            case "rehearsed":
                said = self._rehearsed(form, result)
                return FormReply(None, "rehearsed", (said,), ending="done")
            case "unknown":
                said = self._questions.say("form_outcome_unknown", form)
                reason = f"{entry.action}: the outcome is unknown: {result.reason}"
                told = "" if result.settles else reason
                return FormReply(None, reason, (said,), failed=told, ending="failed")
            case _:
                return self._failed(form, result, info)

    def _failed(self, form: OpenForm, result: ActionResult, info: ActionInfo | None) -> FormReply:
        """Say what admins wrote for an action that fails, or hand over."""
        why = ", ".join(filter(None, (result.error, result.reason)))
        reason = f"{info.name if info else 'an action'} failed: {why}"
        said = self._replies.texts(
            info.on_error if info is not None else {},
            language=form.language,
            shown=shown_of(form),
        )
        if said:
            return FormReply(None, reason, (said,), failed=reason, ending="failed")
        return FormReply(None, reason, person=True, ending="failed")

    def _rehearsed(self, form: OpenForm, result: ActionResult) -> str:
        """Return that nothing was called, with the call that would be made."""
        shown = f"`{result.shown}`" if result.shown else ""
        return self._questions.say("form_rehearsed", form, call=shown).strip()
