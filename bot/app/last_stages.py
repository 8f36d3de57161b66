"""The last stages: what is said where nothing else was."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports import Answers, Buttons, Wording
from bot.responder import Stage
from bot.stages.clarify import BEFORE_UNKNOWN, Disambiguate
from bot.stages.quote import AdmitUnknown


def last_stages(answers: Answers, buttons: Buttons, wording: Wording) -> Sequence[Stage]:
    """Return the question what is to be done, and the admission that the bot does not know."""
    return (
        Disambiguate(answers, buttons, wording, least=BEFORE_UNKNOWN),
        AdmitUnknown(wording),
    )
