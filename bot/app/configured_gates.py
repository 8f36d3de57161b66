"""The gates that config can switch off."""

from __future__ import annotations

from datetime import timedelta

from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.config.schema import Config
from bot.ports import Clock
from bot.responder import Stage
from bot.stages.gates import RateLimitGate, StaleGate
from bot.storage.cases import Cases
from bot.understanding.language.detector import LanguageDetector


def stale_gate(
    config: Config, cases: Cases, languages: LanguageDetector, wording: BotWording, clock: Clock
) -> Stage | None:
    """Return the stage for messages that waited too long; None where they may wait for ever."""
    if not config.serve.stale_after:
        return None
    age = timedelta(minutes=config.serve.stale_after)
    return StaleGate(age, cases, languages, wording, clock)


def rate_limit_gate(config: Config, clock: Clock, served: ServedLanguages) -> Stage | None:
    """Return the stage that counts messages; one for all bundles, since it remembers."""
    limit = config.serve.rate_limit
    wording = BotWording(config.responder, config.language.default, served)
    return RateLimitGate(limit, wording, clock) if limit else None
