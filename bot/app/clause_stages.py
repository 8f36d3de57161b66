"""The stages that read the clauses of a message, as config switches them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.forms.definitions import Definitions
from bot.answering.knowledge.novelty import Novelty
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.replies import Replies
from bot.config.schema import Config
from bot.config.sections import UnderstandingConfig
from bot.ports import Answers, Buttons, Classifier, Handoffs, PlatformRules, Wording
from bot.publishing.bundle import Bundle
from bot.responder import Stage
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.stages.clarify import Disambiguate
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, BeginsForms, IntentReply, Recommends
from bot.stages.negation import LeaveOutNegated
from bot.stages.prefer_article import PreferArticle
from bot.stages.quote import QuoteArticle
from bot.stages.several import AnswerSeveral, PartStages, Readers
from bot.text.catalogues import cue_words
from bot.understanding.model.classifier import IntentClassifier


@dataclass(frozen=True, slots=True)
class ReplyTools:
    """What replies to a part of a message are made with.

    Attributes:
        search: Finds passages.
        answers: The admins' replies.
        buttons: Keeps what buttons mean.
        handoffs: Notifies staff.
        wording: The bot's own texts.
        prefers: Prefers articles to intents; None where config switches it off.
        forms: Begins the forms of intents.
        products: Recommends products; None: nothing does.
    """

    search: ArticleSearch
    answers: Replies
    buttons: Buttons
    handoffs: Handoffs
    wording: Wording
    prefers: Stage | None = None
    forms: BeginsForms | None = None
    products: Recommends | None = None


def clause_stages(
    config: UnderstandingConfig, model: IntentClassifier, classifier: Classifier, tools: ReplyTools
) -> Sequence[Stage]:
    """Return the stages for negated requests and for several requests in one message.

    Args:
        config: Its switches.
        model: Reads clauses and wishes for a person.
        classifier: The same model, which classifies concurrent texts in one batch.
        tools: For the replies to the parts of a message.
    """
    answers, buttons, wording, search = tools.answers, tools.buttons, tools.wording, tools.search
    replies = IntentReply(
        answers,
        buttons,
        tools.handoffs,
        wording,
        suggests=False,
        forms=tools.forms,
        products=tools.products,
    )
    intents = AnswerIntent(replies)
    stages = PartStages(
        intents=intents,
        persons=(AsksForPerson(model, classifier, answers, replies), intents),
        quotes=QuoteArticle(search, wording),
        asks=Disambiguate(answers, buttons, wording),
        prefers=tools.prefers,
    )
    readers = Readers(model, model, classifier, search)
    found: list[Stage] = []
    if config.negation:
        found.append(LeaveOutNegated(model, classifier, wording))
    if config.several:
        found.append(AnswerSeveral(readers, stages, wording, cue_words("joints")))
    return found


def article_search(
    bundle: Bundle, config: Config, rules: Mapping[str, PlatformRules]
) -> ArticleSearch:
    """Return what finds passages, for those whom they are meant for."""
    staff = config.staff
    roster = Roster(staff.members, rules, Teams(staff).channels)
    return ArticleSearch(bundle.retriever, roster.audience)


def prefer_article(bundle: Bundle, search: ArticleSearch, answers: Answers) -> PreferArticle:
    """Return the stage that compares articles with intents."""
    novelty = Novelty(bundle.intents, bundle.retriever.index.words, bundle.classifier.familiar)
    return PreferArticle(search, answers, novelty.share, Definitions(bundle.intents).takes)
