"""Builds the stages and values that `bot.app.build` puts into their order."""

from __future__ import annotations

from datetime import timedelta

from bot.answering.generation.prompt import Persona
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import Clock
from bot.responder import Responder, Stage
from bot.staff.dead_letter_notice import DeadLetterNotice
from bot.stages.gates import RateLimitGate, StaleGate
from bot.storage import StoredTranscripts
from bot.storage.cases import Cases
from bot.understanding.language.detector import LanguageDetector


def stale(
    config: Config, cases: Cases, languages: LanguageDetector, wording: BotWording, clock: Clock
) -> Stage | None:
    """Return the stage for messages that waited too long; None where they may wait for ever."""
    if not config.serve.stale_after:
        return None
    age = timedelta(minutes=config.serve.stale_after)
    return StaleGate(age, cases, languages, wording, clock)


def apology(config: Config, resources: Resources, served: ServedLanguages) -> Responder:
    """Return what tells customers of a message that is given up; staff and pauses come first."""
    wording = BotWording(config.responder, config.language.default, served)
    return Responder(
        [*resources.room.stages, DeadLetterNotice(LanguageDetector(served.tags or ()), wording)],
        transcripts=StoredTranscripts(resources.database),
        wording=wording,
        clock=resources.clock,
        default_language=config.language.default,
    )


def persona(config: Config, served: ServedLanguages) -> Persona:
    """Return who GPT is to be."""
    return Persona(
        bot=config.responder.bot,
        contact=config.responder.contact,
        about=config.gpt.persona,
        tone=config.gpt.tone,
        rules=config.gpt.rules,
        memory=config.gpt.memory_tokens,
        served=served,
    )


def rate_limit(config: Config, clock: Clock, served: ServedLanguages) -> Stage | None:
    """Return the stage that counts messages; one for all bundles, since it remembers."""
    limit = config.serve.rate_limit
    wording = BotWording(config.responder, config.language.default, served)
    return RateLimitGate(limit, wording, clock) if limit else None
