"""The first stages of the decision: staff, feelings, dangers, pauses."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.answering.safety_texts import SafetyTexts
from bot.answering.served import ServedLanguages
from bot.app.staff import StaffTools
from bot.config.schema import Config
from bot.ports import Clock, Languages
from bot.publishing.bundle import Bundle
from bot.responder import Stage
from bot.staff.handoffs import NoStaff
from bot.stages.feelings import ReadFeelings
from bot.stages.owned import CarryToStaff, LeaveToPerson
from bot.stages.safety import ReadDanger
from bot.storage import Database
from bot.storage.conversation_states import StoredStates
from bot.understanding.model.message_heads import MessageHeads

log = structlog.get_logger(__name__)


def first_stages(
    config: Config,
    bundle: Bundle,
    languages: Languages,
    served: ServedLanguages,
    database: Database,
    clock: Clock,
    staff: StaffTools | None,
    drafts: Stage | None = None,
) -> Sequence[Stage]:
    """Return the stages up to the pauses: lines of staff, feelings, dangers, drafts, pauses."""
    heads = MessageHeads(bundle.classifier)
    if not heads.are_there:
        log.warning(
            "model_without_heads",
            reason="the model is of an earlier version: dangers are recognised by fixed phrases "
            "alone until the intents are published again or `frontdesk train` has run",
        )
    danger = ReadDanger(
        heads,
        languages,
        SafetyTexts(config, bundle.intents.safety, served),
        staff.handoffs if staff else NoStaff(),
        StoredStates(database, clock),
        staff.paused if staff else None,
        heads,
    )
    feelings = ReadFeelings(heads, languages) if config.understanding.feelings else None
    read = (feelings, danger) if feelings else (danger,)
    if staff is None:
        return read
    states = StoredStates(database, clock)
    carried = (CarryToStaff(states, staff.lines), *read)
    leave = LeaveToPerson(states, staff.lines)
    owned = (drafts, leave) if drafts else (leave,)
    return (*staff.stages, *carried, *owned, *staff.gates)
