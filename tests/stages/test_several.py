"""Several requests in one message: scripted understanding, the real stages of the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answering.knowledge.search import ArticleSearch
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.conversations.transcript import Conversation
from bot.messages import (
    Author,
    Button,
    Choice,
    Cite,
    DecisionKind,
    Done,
    Message,
    Offer,
    Part,
    Received,
    Say,
    ScoredIntent,
    Source,
    Visibility,
)
from bot.ports import (
    Answer,
    Audience,
    ClauseReading,
    HandoffRequest,
    HandoffStatus,
    Passage,
    Prediction,
    SearchResult,
    Wish,
)
from bot.ports.conversations import Pressing
from bot.responder import Turn
from bot.stages.clarify import Disambiguate
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, IntentReply
from bot.stages.quote import QuoteArticle
from bot.stages.several import AnswerSeveral, PartStages, Readers

INTENTS: Mapping[str, Mapping[str, float]] = {
    "where is my order": {"order_status": 0.9},
    "and how do I return it": {"returns": 0.9},
    "how do I return it": {"returns": 0.9},
    "do you rent tents": {"stock": 0.2},
    "the other thing": {"returns": 0.4, "order_status": 0.3},
    "what do you know of me": {"my_data": 0.9},
    "get me a manager": {"human": 0.5},
    "I bought a tent": {"wrong_item": 0.9},
    "thanks, how do I return it": {"returns": 0.5, "order_status": 0.4},
    "thanks, what do you know of me": {"returns": 0.5, "my_data": 0.4},
    "thanks, get me a manager": {"human": 0.5},
}
REPLIES = {
    "order_status": Answer("Look under *My orders*.", suggestions=("returns",)),
    "returns": Answer("Send it back."),
    "my_data": Answer("Your data.", visibility=Visibility.PRIVATE),
    "wrong_item": Answer("Sorry."),
    "human": Answer("A colleague takes over.", handoff=True),
}


@dataclass
class Scripted:
    """All that is known of the texts by heart; staff who can be told."""

    told: list[str] = field(default_factory=list)
    threshold: float = 0.27

    async def read_clauses(self, texts: Sequence[str], *, language: str) -> list[ClauseReading]:
        story = {"I bought a tent", "thanks"}
        return [
            ClauseReading(0, 0, 1, 0) if text in story else ClauseReading(1, 0, 0, 0)
            for text in texts
        ]

    async def wishes(self, texts: Sequence[str], *, language: str) -> list[Wish]:
        return [Wish(0.9 if text.endswith("manager") else 0, 0) for text in texts]

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        ranked = sorted(INTENTS.get(text, {"order_status": 0.5}).items(), key=lambda it: -it[1])
        return Prediction(tuple(ScoredIntent(*each) for each in ranked), 0.6, 0.3, "m", "h")

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        score = 0.5 if "rent" in text else 0.1
        source = Source("Rental", "https://example.com/rental")
        return SearchResult((Passage("rental.md", source, "", "9 euro a day.", score),))

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return REPLIES.get(intent)

    def why_not(self, intent: str) -> str:
        return f"{intent} is a draft"

    def title(self, intent: str, *, language: str) -> str:
        return intent

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        self.told.append(request.asked)
        return HandoffStatus(told=True)

    async def offer(
        self,
        message_id: str,
        choices: Sequence[tuple[str, Choice]],
        *,
        first: int = 0,
        revision: int = 0,
    ) -> tuple[Button, ...]:
        return tuple(Button(str(n), label) for n, (label, _) in enumerate(choices))

    async def choice(self, button: str) -> Choice | None:
        return None

    async def pressing(self, button: str, press: Message) -> Pressing:
        return "first"


async def parts_of(text: str, script: Scripted | None = None) -> list[Part]:
    return [part for part in await handled(text, script) if not isinstance(part, Turn)]


async def handled(text: str, script: Scripted | None = None) -> list[Part | Turn]:
    script, wording = script or Scripted(), BotWording(ResponderConfig(), "en")
    replies = IntentReply(script, script, script, wording, suggests=False)
    search = ArticleSearch(script, lambda _: Audience())
    stage = AnswerSeveral(
        Readers(script, script, script, search),
        PartStages(
            intents=AnswerIntent(replies),
            persons=(AsksForPerson(script, script, script, replies), AnswerIntent(replies)),
            quotes=QuoteArticle(search, wording),
            asks=Disambiguate(script, script, wording),
        ),
        wording,
        {"en": ("and",)},
    )
    message = Message("test:a:c:1", "test:a:c", Author("test:w:ann"), text, datetime.now(UTC))
    prediction = await script.classify(text)
    turn = Turn(Received(message), Conversation("test:a:c"), text, "en", prediction=prediction)
    return [part async for part in stage.handle(turn)]


def said(parts: Sequence[Part]) -> str:
    return "".join(part.markdown for part in parts if isinstance(part, Say))


def decided(parts: Sequence[Part]) -> Done:
    last = parts[-1]
    assert isinstance(last, Done)
    return last


async def test_two_requests_are_answered_in_order_with_one_decision() -> None:
    parts = await parts_of("where is my order and how do I return it")
    assert said(parts) == "Look under *My orders*.\n\nSend it back."
    decision = decided(parts).decision
    assert [each.kind for each in decision.parts] == [DecisionKind.INTENT] * 2
    assert [each.intents[0].name for each in decision.parts] == ["order_status", "returns"]
    assert decision.reasons[0] == "2 requests in one message"
    assert decision.id == "d:test:a:c:1"


async def test_next_steps_are_not_suggested_when_there_are_several() -> None:
    parts = await parts_of("where is my order and how do I return it")
    assert not any(isinstance(part, Offer) for part in parts)


async def test_an_article_is_quoted_for_a_part() -> None:
    parts = await parts_of("where is my order? do you rent tents?")
    assert "9 euro a day." in said(parts)
    assert Cite((Source("Rental", "https://example.com/rental"),)) in parts
    decision = decided(parts).decision
    assert [each.kind for each in decision.parts] == [DecisionKind.INTENT, DecisionKind.QUOTED]
    assert decision.passages[0].citation == "rental.md"


async def test_a_wish_is_answered_and_a_person_is_brought() -> None:
    script, text = Scripted(), "where is my order. get me a manager"
    parts = await parts_of(text, script)
    assert said(parts).startswith("Look under *My orders*.\n\n")
    assert [each.kind for each in decided(parts).decision.parts] == [
        DecisionKind.INTENT,
        DecisionKind.HANDOFF,
    ]
    assert script.told == [text]


async def test_what_is_not_sure_is_asked_about_after_the_answers() -> None:
    parts = await parts_of("where is my order, the other thing, how do I return it?")
    # What "the other thing" may mean is answered by another part.
    assert len(decided(parts).decision.parts) == 2
    parts = await parts_of("where is my order, what do you know of me, the other thing")
    assert [each.kind for each in decided(parts).decision.parts] == [
        DecisionKind.INTENT,
        DecisionKind.INTENT,
        DecisionKind.CLARIFY,
    ]
    (offer,) = (part for part in parts if isinstance(part, Offer))
    assert [button.label for button in offer.buttons][:2] == ["returns", "order_status"]


async def test_a_reply_with_a_private_part_is_private() -> None:
    parts = await parts_of("where is my order, what do you know of me")
    shown = {part.visibility for part in parts if isinstance(part, Say)}
    assert shown == {Visibility.PRIVATE}


async def test_one_request_in_a_story_is_not_split() -> None:
    assert await parts_of("I bought a tent, where is my order, thanks") == []


async def test_an_unsure_message_is_understood_by_its_one_clear_part() -> None:
    (turn,) = await handled("thanks, how do I return it")
    assert isinstance(turn, Turn)
    assert turn.prediction is not None
    assert turn.prediction.intents[0] == ScoredIntent("returns", 0.9)
    assert turn.text == "thanks, how do I return it"


async def test_a_clear_part_that_the_message_does_not_mean_decides_nothing() -> None:
    assert await handled("thanks, what do you know of me") == []
    assert await handled("thanks, get me a manager") == []


async def test_the_same_request_twice_is_one() -> None:
    assert await parts_of("how do I return it? how do I return it?") == []


async def test_no_more_than_three_parts_are_answered() -> None:
    text = "where is my order? how do I return it? do you rent tents? what do you know of me?"
    assert len(decided(await parts_of(text)).decision.parts) == 3
