"""Builds the stages that decide whether a message is for the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.app.staff import StaffTools
from bot.ports import Clock, Languages, LooksBack
from bot.responder import Stage
from bot.stages.bot_limit import BotLimit
from bot.stages.pointed_question import PointedQuestion
from bot.stages.when_to_speak import WhenToSpeak
from bot.storage import Database
from bot.storage.channel_lines import StoredChannelLines
from bot.storage.conversation_states import StoredStates
from bot.storage.forms import StoredForms
from bot.understanding.model.classifier import IntentClassifier
from bot.understanding.model.message_heads import MessageHeads


def speaking_stages(
    classifier: IntentClassifier,
    languages: Languages,
    database: Database,
    clock: Clock,
    staff: StaffTools | None,
    platforms: Mapping[str, LooksBack],
) -> Sequence[Stage]:
    """Return the stages in their order; dangers, pauses and commands of staff come before.

    Args:
        classifier: Its model tells questions from talk.
        languages: Tells the language of a line.
        database: Holds conversations.
        clock: The time.
        staff: Told of a loop between bots; None: there is none.
        platforms: Those that can look at what a mention points at.
    """
    heads, channels = MessageHeads(classifier), StoredChannelLines(database)
    states, forms = StoredStates(database, clock), StoredForms(database)
    return (
        WhenToSpeak(heads, languages, states, forms, channels, clock),
        BotLimit(channels, clock, staff.queued_alerts if staff else None),
        PointedQuestion(heads, languages, platforms),
    )
