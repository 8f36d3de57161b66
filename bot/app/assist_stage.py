"""The stage that drafts replies for staff, where config wants it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.clause_stages import ReplyTools
from bot.app.staff import StaffTools
from bot.ports import Clock
from bot.responder import Stage
from bot.staff.handoffs import NoStaff
from bot.stages.assist import DraftForStaff
from bot.stages.intent_reply import AnswerIntent, IntentReply
from bot.stages.quote import QuoteArticle
from bot.storage import Database
from bot.storage.conversation_states import StoredStates


def assist_stage(
    staff: StaffTools | None,
    database: Database,
    clock: Clock,
    reading: Sequence[Stage | None],
    tools: ReplyTools,
    gpt: Stage | None,
) -> DraftForStaff | None:
    """Return the stage; None: nobody wants drafts.

    Args:
        staff: Tools of the staff; None: there is no staff.
        database: Open.
        clock: The time.
        reading: The stages that read a message, as customers have them.
        tools: What replies are made with; nobody is handed over for a draft.
        gpt: The stage that GPT answers in; None: it does not.
    """
    if staff is None or staff.drafts is None:
        return None
    replies = IntentReply(tools.answers, tools.buttons, NoStaff(), tools.wording, suggests=False)
    stages = (*reading, AnswerIntent(replies), gpt, QuoteArticle(tools.search, tools.wording))
    answering = [each for each in stages if each is not None]
    return DraftForStaff(StoredStates(database, clock), answering, staff.drafts)
