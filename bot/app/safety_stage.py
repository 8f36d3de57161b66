"""The stage that reads messages for dangers."""

from __future__ import annotations

from bot.answering.safety_texts import SafetyTexts
from bot.answering.served import ServedLanguages
from bot.app.staff import StaffTools
from bot.config.schema import Config
from bot.ports import ConversationStates, Languages
from bot.publishing.bundle import Bundle
from bot.staff.handoffs import NoStaff
from bot.stages.safety import ReadDanger


def safety_stage(
    config: Config,
    bundle: Bundle,
    languages: Languages,
    served: ServedLanguages,
    states: ConversationStates,
    staff: StaffTools | None,
) -> ReadDanger:
    """Return the stage, with the texts that the bundle's admins wrote."""
    return ReadDanger(
        bundle.classifier,
        languages,
        SafetyTexts(config, bundle.intents.safety, served),
        staff.handoffs if staff else NoStaff(),
        states,
        staff.paused if staff else None,
    )
