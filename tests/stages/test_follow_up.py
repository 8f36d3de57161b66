"""Messages that lean on what was said before, and articles that answer better than intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.answering.knowledge.search import ArticleSearch
from bot.answering.wording import BotWording
from bot.config.responder import ResponderConfig
from bot.conversations.transcript import Conversation, EarlierDecision
from bot.messages import (
    Author,
    DecisionKind,
    Done,
    Message,
    Part,
    Received,
    Say,
    ScoredIntent,
    Source,
)
from bot.ports import Answer, Audience, Leaning, Passage, Prediction, SearchResult
from bot.responder import Stage, Turn
from bot.stages.follow_up import LONGEST, ResolveFollowUp
from bot.stages.prefer_article import PreferArticle


def prediction(**intents: float) -> Prediction:
    ranked = sorted(intents.items(), key=lambda each: -each[1])
    return Prediction(tuple(ScoredIntent(*each) for each in ranked), 0.8, 0.6, "m", "h")


@dataclass
class Script:
    """Classifies texts and follow-ups as the script says."""

    leaning: Mapping[str, Leaning] = field(default_factory=dict)
    intents: Mapping[str, Prediction] = field(default_factory=dict)
    earlier: bool = False

    async def leanings(self, texts: Sequence[str], *, language: str) -> list[Leaning]:
        nothing = Leaning(0.0, 0.0)
        return [] if self.earlier else [self.leaning.get(text, nothing) for text in texts]

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        return self.intents.get(text, prediction(other=0.1))


def turn(text: str, *before: EarlierDecision, **intents: float) -> Turn:
    message = Message("t:a:c:9", "t:a:c", Author("t:ann"), text, datetime.now(UTC))
    conversation = Conversation("t:a:c", decisions=before)
    return Turn(Received(message), conversation, text, "en", prediction=prediction(**intents))


async def handled(stage: Stage, given: Turn) -> list[Part | Turn]:
    return [part async for part in stage.handle(given)]


def wording() -> BotWording:
    return BotWording(ResponderConfig(), "en")


SHIPPING = EarlierDecision("shipping to Norway", "intent", ("shipping",))
QUOTED = EarlierDecision("can I rent a tent", "quoted", (), ("rental.md#Prices (2)",))


async def resolve(script: Script, given: Turn) -> list[Part | Turn]:
    return await handled(ResolveFollowUp(script, script, wording()), given)


async def test_what_names_another_request_by_itself_is_not_read_with_the_one_before() -> None:
    text = "also return the watch"
    both = f"shipping to Norway {text}"
    script = Script({text: Leaning(0.5, 0)}, {both: prediction(shipping=0.95)})
    assert await resolve(script, turn(text, SHIPPING, return_items=0.7)) == []


async def test_a_follow_up_is_classified_together_with_what_it_leans_on() -> None:
    both = "shipping to Norway and to the UK?"
    script = Script({"and to the UK?": Leaning(0.9, 0)}, {both: prediction(shipping=0.9)})
    (found,) = await resolve(script, turn("and to the UK?", SHIPPING, goodbye=0.7))
    assert isinstance(found, Turn)
    assert found.question == both
    assert found.prediction == prediction(shipping=0.9)
    assert "a follow-up (0.90)" in found.reasons[0]


async def test_follow_ups_in_a_row_lead_back_to_the_first_question() -> None:
    second = EarlierDecision("and to the UK?", "intent", ("shipping",))
    script = Script({"and to the UK?": Leaning(0.9, 0), "by Friday?": Leaning(0.9, 0)})
    (found,) = await resolve(script, turn("by Friday?", SHIPPING, second, goodbye=0.7))
    assert isinstance(found, Turn)
    assert found.question == "shipping to Norway and to the UK? by Friday?"


async def test_what_may_be_complete_is_read_the_surer_way() -> None:
    script = Script({"I paid with PayPal": Leaning(0.4, 0)})
    sure = turn("I paid with PayPal", SHIPPING, payment=0.9)
    assert await resolve(script, sure) == []
    (found,) = await resolve(script, turn("I paid with PayPal", SHIPPING, payment=0.05))
    assert isinstance(found, Turn)
    assert found.question


async def test_what_names_nothing_new_is_asked_about() -> None:
    script = Script({"same with that": Leaning(0.1, 0.9)})
    said, done = await resolve(script, turn("same with that", SHIPPING, thanks=0.7))
    assert isinstance(said, Say)
    assert said.markdown == wording().say("unclear", "en")
    assert isinstance(done, Done)
    assert done.decision.kind is DecisionKind.CLARIFY


@pytest.mark.parametrize(
    "given",
    [
        turn("how do I return boots", SHIPPING, returns=0.9),
        turn("and to the UK?", goodbye=0.7),
        turn("and to the UK?", EarlierDecision("hi", "intent"), goodbye=0.7),
        turn(" ".join(["and to the UK?"] * LONGEST), SHIPPING, goodbye=0.7),
    ],
)
async def test_a_complete_message_and_one_without_a_question_before_are_passed_on(
    given: Turn,
) -> None:
    assert await resolve(Script({"and to the UK?": Leaning(0.9, 0)}), given) == []


async def test_a_model_of_an_earlier_version_resolves_nothing() -> None:
    assert await resolve(Script(earlier=True), turn("same", SHIPPING, thanks=0.7)) == []


@dataclass
class Shelf:
    """Finds passages by the query's last word."""

    passages: Mapping[str, Sequence[Passage]]
    threshold: float = 0.27

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        return SearchResult(tuple(self.passages.get(text, ())))


class Replies:
    """Answers every intent; `human` hands over."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return Answer("...", handoff=intent == "human", form=intent == "refund")

    def why_not(self, intent: str) -> str:
        return ""

    def title(self, intent: str, *, language: str) -> str:
        return intent


def passage(citation: str, score: float, covered: float = 0.0) -> Passage:
    return Passage(citation, Source("Title"), "", "Text.", score, covered=covered)


def searching(**passages: Sequence[Passage]) -> ArticleSearch:
    return ArticleSearch(Shelf(passages), lambda _: Audience())


async def prefer(search: ArticleSearch, given: Turn, new: float = 0.0, named: str = "") -> Turn:
    def takes(intent: str, text: str, language: str) -> bool:
        return intent == named

    (found,) = await handled(PreferArticle(search, Replies(), lambda _: new, takes), given)
    assert isinstance(found, Turn)
    return found


async def test_a_passage_that_holds_the_words_comes_before_a_doubtful_intent() -> None:
    search = searching(deposit=[passage("rental.md#Prices", 0.4, 0.8)])
    found = await prefer(search, turn("deposit", refund=0.7))
    assert found.skips_intents
    assert search.quotable(found) == passage("rental.md#Prices", 0.4, 0.8)
    assert "rental.md#Prices answers better than refund" in found.reasons[-1]


@pytest.mark.parametrize(("confidence", "skips"), [(0.7, False), (0.1, True)])
async def test_a_passage_never_hides_a_form_that_looks_up_what_is_named(
    confidence: float, skips: bool
) -> None:
    search = searching(deposit=[passage("rental.md#Prices", 0.6, 1.0)])
    found = await prefer(search, turn("deposit", refund=confidence), named="refund")
    assert found.skips_intents is skips
    assert (await prefer(search, turn("deposit", order=0.7), named="order")).skips_intents


async def test_a_passage_below_the_threshold_is_quoted_if_the_subject_is_the_desks() -> None:
    search = searching(deposit=[passage("rental.md", 0.2, 0.8)])
    ours = await prefer(search, turn("deposit", refund=0.7))
    assert search.quotable(ours) is not None
    stranger = await prefer(search, turn("deposit", refund=0.1))
    assert search.quotable(stranger) is None


@pytest.mark.parametrize("intents", [{"refund": 0.97}, {"human": 0.85}])
async def test_a_sure_intent_and_one_that_hands_over_stay(intents: dict[str, float]) -> None:
    score = 0.9 if "human" in intents else 0.2
    found = await prefer(
        searching(deposit=[passage("a.md", score, 0.1)]), turn("deposit", **intents)
    )
    assert not found.skips_intents
    assert found.passages


async def test_an_intent_does_not_answer_what_the_desk_has_never_heard_of() -> None:
    search = searching(bikes=[passage("a.md", 0.2)])
    found = await prefer(search, turn("bikes", stock=0.9), new=0.7)
    assert found.skips_intents
    assert search.quotable(found) is None
    assert "70% of the message" in found.reasons[-1]


async def test_a_follow_up_to_a_quotation_stays_in_its_article() -> None:
    ours, other = passage("rental.md#Deposit", 0.3), passage("returns.md", 0.4)
    search = searching(both=[other, ours])
    leaning = turn("and the deposit?", QUOTED, refund=0.7)
    found = await search.find(replace(leaning, question="both"))
    assert search.best(found) == ours
    assert search.stays(found, ours)
    assert not search.stays(found, other)


async def test_the_next_best_passage_of_the_article_is_quoted_along() -> None:
    passages = [passage("a.md#1", 0.5), passage("b.md", 0.5), passage("a.md#2", 0.4)]
    search = searching(deposit=passages)
    found = await search.find(turn("deposit", refund=0.1))
    assert search.companions(found, passages[0]) == [passages[2]]
