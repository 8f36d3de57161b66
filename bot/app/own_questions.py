"""Builds the stages that answer what customers type to the bot's own questions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.forms.definitions import Definitions
from bot.app.clause_stages import ReplyTools
from bot.ports import Classifier, Languages, LastAnswers
from bot.publishing.bundle import Bundle
from bot.responder import Stage
from bot.stages.bare_number import BareNumber
from bot.stages.button_words import ButtonWords
from bot.stages.intent_reply import IntentReply
from bot.stages.offer_reply import OfferReply
from bot.stages.small_things import SmallThings
from bot.stages.spoken import SpokenLanguage
from bot.understanding.language.words import Known
from bot.understanding.model.classifier import IntentClassifier


def knows(model: IntentClassifier) -> Known:
    """Return what tells which words are no misspellings."""

    def known(word: str) -> bool:
        return model.familiar(word) == 1

    return known


def own_questions_stages(
    bundle: Bundle,
    classifier: Classifier,
    languages: Languages,
    last: LastAnswers,
    tools: ReplyTools,
    replies: IntentReply,
) -> Sequence[Stage]:
    """Return the stages in their order; they stand before `ButtonPress`.

    Args:
        bundle: Its model knows English words and compares texts; its forms take numbers.
        classifier: The same model, in batches.
        languages: Tells the language of a text.
        last: What customers were answered last.
        tools: The replies of intents, the buttons and the bot's own texts.
        replies: Gives the reply of an intent.
    """
    model, taking = bundle.classifier, Definitions(bundle.intents).taking
    answers, buttons, wording = tools.answers, tools.buttons, tools.wording
    known = knows(model)
    spoken = SpokenLanguage(languages)
    words = ButtonWords(classifier, languages, model, known)
    return [
        BareNumber(last, classifier, answers, buttons, replies, wording, known, taking),
        OfferReply(last, buttons, words, answers, classifier, wording, spoken, known),
        SmallThings(answers, wording, spoken, known),
    ]
