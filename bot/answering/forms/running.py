"""Runs what a form needs: reads for choices and checks, the action at its end, the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.answering.conditions import ERROR
from bot.answering.forms.questions import Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.shown import shown_of, values_of
from bot.answering.replies import Replies
from bot.conversations.key import MessageId
from bot.messages import Visibility
from bot.open_form import OpenForm
from bot.ports import ActionInfo, ActionRequest, ActionResult, Actions, ProofDialogue
from bot.understanding.intents.schema import IntentEntry
from bot.understanding.intents.slots import Slot

if TYPE_CHECKING:
    from bot.answering.forms.machine import FormTurn
