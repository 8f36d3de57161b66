"""Builds a service around its workers: one answers events, the other delivers the outbox."""

from __future__ import annotations

from bot.answering.wording import BotWording
from bot.app.resources import Resources
from bot.app.service import Service
from bot.config.schema import Config
from bot.delivery import OutboxWorker, Worker
from bot.ports import Responding
from bot.responder import Responder
from bot.staff.dead_letter_notice import DeadLetterNotice
from bot.storage import StoredTranscripts
from bot.understanding.language.detector import LanguageDetector


def build_service(
    config: Config, resources: Resources, responder: Responding, *, listens: bool
) -> Service:
    """Put a service together that answers with a responder.

    Args:
        config: Of the instance.
        resources: Of the process.
        responder: Decides.
        listens: Take messages in as well; False: only answer what other processes took in.
    """
    worker = Worker(
        resources.inbox,
        responder,
        resources.room.posters,
        concurrency=config.serve.concurrency,
        clock=resources.clock,
        meter=resources.operations.meter,
        apology=_apology(config, resources),
        mark=resources.roster.mark,
        outbox=resources.outbox,
        greeting_wait=config.serve.greeting_wait if resources.public else 0.0,
        changed=resources.room.desk.changed if resources.room.desk else None,
        lines=resources.room.lines,
    )
    deliverer = OutboxWorker(
        resources.outbox,
        resources.room.posters,
        concurrency=config.serve.concurrency,
        clock=resources.clock,
        meter=resources.operations.meter,
    )
    return Service(
        resources.adapters,
        resources.reception() if listens else None,
        worker,
        responder,
        alerts=resources.room.alerts,
        deliverer=deliverer,
    )


def _apology(config: Config, resources: Resources) -> Responder:
    """Return what tells customers of a message that is given up; staff and pauses come first."""
    served = resources.served
    wording = BotWording(config.responder, config.language.default, served)
    return Responder(
        [*resources.room.stages, DeadLetterNotice(LanguageDetector(served.tags or ()), wording)],
        transcripts=StoredTranscripts(resources.database),
        wording=wording,
        clock=resources.clock,
        default_language=config.language.default,
    )
