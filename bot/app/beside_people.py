"""Builds the responder that heeds who has the conversation."""

from __future__ import annotations

from bot.answering.replies import Replies
from bot.answering.served import ServedLanguages
from bot.app.own_questions import knows
from bot.ports import ConversationStates
from bot.publishing.bundle import Bundle
from bot.responder import Responder
from bot.stages.handed_on import BesidePeople
from bot.understanding.language.detector import LanguageDetector
from bot.understanding.model.message_heads import MessageHeads


def beside_people(
    responder: Responder,
    bundle: Bundle,
    served: ServedLanguages,
    states: ConversationStates,
    replies: Replies,
) -> BesidePeople:
    """Return a responder of a bundle that leaves to people what is theirs."""
    return BesidePeople(
        responder,
        states,
        replies,
        knows(bundle.classifier),
        MessageHeads(bundle.classifier),
        LanguageDetector(served.tags or (), bundle.classifier.familiar),
    )
