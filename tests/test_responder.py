"""The decision, stage by stage: scripted understanding, real storage."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.generation.budget import Budget
from bot.answering.generation.prompt import Persona
from bot.answering.grounding import Guard
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import BudgetConfig, GptConfig, ResponderConfig
from bot.errors import ChatModelUnavailable
from bot.messages import (
    Author,
    Choice,
    Cite,
    Decision,
    DecisionKind,
    Done,
    Event,
    Message,
    Offer,
    Part,
    Pressed,
    Readers,
    Received,
    Say,
    ScoredIntent,
    Source,
    Visibility,
)
from bot.ports import (
    Answer,
    Audience,
    ChatMessage,
    ChatModel,
    EventOutcome,
    HandoffRequest,
    Handoffs,
    HandoffStatus,
    JsonSchema,
    Passage,
    Prediction,
    SearchResult,
    Usage,
    Wish,
    WithheldPassage,
)
from bot.responder import Responder
from bot.staff.alerts import StaffAlerts
from bot.staff.handoffs import NoStaff
from bot.stages.clarify import Disambiguate
from bot.stages.generate import GenerateAnswer
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.quote import AdmitUnknown, QuoteArticle
from bot.stages.understand import Classify
from bot.storage.answer_cache import StoredAnswers
from bot.storage.buttons import StoredButtons
from bot.storage.engine import Database, open_database
from bot.storage.spend import StoredSpend
from bot.storage.transcripts import StoredTranscripts, record
from bot.text.shorten import shortened
from bot.understanding.language.detector import LanguageDetector

ANN = Author("test:w:ann", "Ann")


@dataclass
class ScriptedClassifier:
    """Gives each text the confidences that the script has for it."""

    script: Mapping[str, Mapping[str, float]]

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        ranked = sorted(self.script.get(text, {}).items(), key=lambda item: -item[1])
        return Prediction(
            intents=tuple(ScoredIntent(*item) for item in ranked),
            threshold=0.6,
            ask_threshold=0.3,
            model_version="m1",
            intents_hash="h1",
        )


@dataclass
class ScriptedWishes:
    """Knows who asks for a person by heart."""

    wanted: Mapping[str, float]
    mentioned: Mapping[str, float]

    async def wishes(self, texts: Sequence[str], *, language: str) -> list[Wish]:
        return [Wish(self.wanted.get(text, 0), self.mentioned.get(text, 0)) for text in texts]


class ShelfOfAnswers:
    """Replies by intent; an intent that is missing here is a draft."""

    REPLIES: Mapping[str, Answer] = {
        "order_status": Answer("Look under *My orders*.", suggestions=("returns",)),
        "returns": Answer("Send it back within 60 days."),
        "human": Answer("A colleague takes over.", handoff=True),
        "my_data": Answer("Your data: …", visibility=Visibility.PRIVATE),
    }

    def __init__(self, replies: Mapping[str, Answer]) -> None:
        self.replies = {**self.REPLIES, **replies}

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return self.replies.get(intent)

    def why_not(self, intent: str) -> str:
        return f"{intent} is a draft: not answered"

    def title(self, intent: str, *, language: str) -> str:
        return intent.replace("_", " ").capitalize()


@dataclass
class Told:
    """Staff who hear of everything, or of nothing."""

    told: bool
    asked: list[str] = field(default_factory=list)

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        self.asked.append(request.asked)
        return HandoffStatus(self.told)


@dataclass
class OneArticle:
    """A retriever that always finds the same passages."""

    score: float
    personal: bool = False
    threshold: float = 0.5

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        source = Source("Rental", "https://example.com/rental")
        price = Passage(
            "rental.md#Price",
            source,
            "Price",
            "A tent is 9 euro a day.",
            self.score,
            personal=self.personal,
        )
        where = Passage(
            "rental.md#Where", source, "Where", "Tents wait in the showroom.", self.score / 2
        )
        hidden = WithheldPassage("staff.md", 0.7, "for internal")
        return SearchResult((price, where), (hidden,))


@dataclass
class ScriptedModel:
    """A chat model that says its pieces, and fails afterwards if told to."""

    pieces: Sequence[str | Usage]
    fails: bool = False
    prompts: list[Sequence[ChatMessage]] = field(default_factory=list)

    async def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        self.prompts.append(prompt)
        for piece in self.pieces:
            yield piece
        if self.fails:
            raise ChatModelUnavailable("gpt: the server hung up")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as opened:
        yield opened


@dataclass
class Desk:
    """A responder over scripted understanding and a real database."""

    database: Database
    article_score: float = 0.0
    personal: bool = False
    model: ChatModel | None = None
    config: ResponderConfig = field(default_factory=lambda: ResponderConfig(introduction=False))
    budget: BudgetConfig = field(default_factory=BudgetConfig)
    handoffs: Handoffs = field(default_factory=NoStaff)
    wanted: Mapping[str, float] = field(default_factory=dict)
    mentioned: Mapping[str, float] = field(default_factory=dict)
    replies: Mapping[str, Answer] = field(default_factory=dict)
    script: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: {
            "where is my order": {"order_status": 0.9, "returns": 0.05},
            "my thing": {"order_status": 0.4, "returns": 0.35, "human": 0.1},
            "a person please": {"human": 0.8},
            "what do you know of me": {"my_data": 0.8},
            "imported": {"a_draft": 0.9, "returns": 0.05},
            "tent for a weekend?": {"returns": 0.1},
        }
    )

    def responder(self) -> Responder:
        clock = SystemClock()
        wording = BotWording(self.config, "en")
        answers = ShelfOfAnswers(self.replies)
        choices = StoredButtons(self.database, clock)
        classifier = ScriptedClassifier(self.script)
        wishes = ScriptedWishes(self.wanted, self.mentioned)
        replying = IntentReply(answers, choices, self.handoffs, wording)
        library = ArticleSearch(OneArticle(self.article_score, self.personal), lambda _: Audience())
        generated = [self.generated(self.model, library, wording)] if self.model else []
        return Responder(
            [
                ButtonPress(choices, replying, wording),
                Classify(classifier, LanguageDetector(["en", "zh"]), wording),
                AsksForPerson(wishes, classifier, answers, replying),
                AnswerIntent(replying),
                Disambiguate(answers, choices, wording),
                *generated,
                QuoteArticle(library, wording),
                AdmitUnknown(wording),
            ],
            transcripts=StoredTranscripts(self.database),
            wording=wording,
            clock=clock,
            default_language="en",
        )

    def generated(
        self, model: ChatModel, library: ArticleSearch, wording: BotWording
    ) -> GenerateAnswer:
        clock = SystemClock()
        ledger = StoredSpend(self.database, clock)
        alerts = StaffAlerts(self.database, clock, {})
        budget = Budget(self.budget, GptConfig(), ledger, alerts, clock)
        known = StoredAnswers(self.database, clock)
        return GenerateAnswer(
            model,
            library,
            Guard(None, wording),
            wording,
            budget,
            known,
            persona=Persona("Robin", "help@example.com"),
            by="m",
        )

    async def parts(self, event: Event) -> list[Part]:
        """Respond, and record the turn as the inbox does."""
        parts = [part async for part in self.responder().respond(event)]
        outcome = EventOutcome(decision_of(parts), reply_of(parts))
        await self.database.write(lambda it: record(it, [(event, outcome)], datetime.now(UTC)))
        return parts


def said(text: str, number: int = 1) -> Received:
    return Received(message(text, number))


def message(text: str, number: int = 1) -> Message:
    sent_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Message(f"test:a:c:{number}", "test:a:c", ANN, text, sent_at)


def reply_of(parts: Sequence[Part]) -> str:
    return "".join(part.markdown for part in parts if isinstance(part, Say))


def decision_of(parts: Sequence[Part]) -> Decision:
    assert [isinstance(part, Done) for part in parts].index(True) == len(parts) - 1
    last = parts[-1]
    assert isinstance(last, Done)
    return last.decision


def buttons_of(parts: Sequence[Part]) -> dict[str, str]:
    offers = [part for part in parts if isinstance(part, Offer)]
    return {button.label: button.id for offer in offers for button in offer.buttons}


async def test_what_was_left_out_is_among_the_reasons(database: Database) -> None:
    parts = await Desk(database, article_score=0.8).parts(said("tent for a weekend?"))
    assert "left out: staff.md at 0.70, for internal" in decision_of(parts).reasons


@pytest.mark.parametrize("model", [None, ScriptedModel(["Nine euro a day."])])
async def test_what_is_for_the_asker_alone_is_never_said_in_public(
    database: Database, model: ChatModel | None
) -> None:
    desk = Desk(database, article_score=0.8, personal=True, model=model)
    parts = await desk.parts(said("tent for a weekend?"))
    assert {part.visibility for part in parts if isinstance(part, Say)} == {Visibility.PRIVATE}


async def test_a_sure_intent_is_answered_with_its_reply_and_next_steps(database: Database) -> None:
    parts = await Desk(database).parts(said("where is my order"))
    assert reply_of(parts) == "Look under *My orders*."
    assert list(buttons_of(parts)) == ["Returns"]
    decision = decision_of(parts)
    assert decision.kind is DecisionKind.INTENT
    assert decision.intents[0].name == "order_status"
    assert (decision.model_version, decision.intents_hash) == ("m1", "h1")
    assert decision.reasons == ("order_status at 0.90 reaches 0.60",)
    assert {"classify", "answer_intent"} <= decision.milliseconds.keys()


async def test_a_suggestion_that_is_pressed_is_answered(database: Database) -> None:
    desk = Desk(database)
    button = buttons_of(await desk.parts(said("where is my order")))["Returns"]
    parts = await desk.parts(Pressed(message("", 2), button))
    assert reply_of(parts) == "Send it back within 60 days."


async def test_a_button_is_answered_once(database: Database) -> None:
    desk = Desk(database)
    button = buttons_of(await desk.parts(said("where is my order")))["Returns"]
    first = await desk.parts(Pressed(message("", 2), button))
    again = await desk.parts(Pressed(message("", 3), button))
    retried = await desk.parts(Pressed(message("", 2), button))
    assert reply_of(first) == reply_of(retried) == "Send it back within 60 days."
    assert (reply_of(again), decision_of(again).kind) == ("", DecisionKind.DECLINED)


async def test_a_strangers_press_is_declined_for_their_eyes_only(database: Database) -> None:
    desk = Desk(database, config=ResponderConfig())
    button = buttons_of(await desk.parts(said("where is my order")))["Returns"]
    stranger = replace(message("", 2), author=Author("test:w:eve"))
    parts = await desk.parts(Pressed(stranger, button))
    (refusal,) = [part for part in parts if isinstance(part, Say)]
    assert refusal.visibility is Visibility.PRIVATE
    assert "another person's question" in refusal.markdown
    assert decision_of(parts).kind is DecisionKind.DECLINED
    own = await desk.parts(Pressed(message("", 3), button))
    assert reply_of(own).endswith("Send it back within 60 days.")


async def test_private_turns_stay_out_of_what_others_will_read(database: Database) -> None:
    model = ScriptedModel(["A tent is 9 euro a day."])
    desk = Desk(database, article_score=0.8, model=model)
    open_place = replace(message("what do you know of me", 1), readers=Readers.OTHERS)
    private = EventOutcome(
        Decision("d", open_place.id, DecisionKind.INTENT), "the blue tent is reserved", private=True
    )
    await database.write(
        lambda it: record(it, [(Received(open_place), private)], datetime.now(UTC))
    )
    await desk.parts(said("tent for a weekend?", 2))
    alone = replace(message("tent for a weekend?", 3), readers=Readers.AUTHOR)
    await desk.parts(Received(alone))
    shown = ["blue tent" in str(prompt) for prompt in model.prompts]
    assert shown == [False, True]


async def test_nearly_sure_asks_with_the_two_likely_intents(database: Database) -> None:
    parts = await Desk(database).parts(said("my thing"))
    assert list(buttons_of(parts)) == ["Order status", "Returns", "Neither of these"]
    assert decision_of(parts).kind is DecisionKind.CLARIFY


async def test_neither_goes_on_with_the_question_in_the_fallback(database: Database) -> None:
    desk = Desk(database, article_score=0.8)
    buttons = buttons_of(await desk.parts(said("my thing")))
    parts = await desk.parts(Pressed(message("", 2), buttons["Neither of these"]))
    assert "A tent is 9 euro a day." in reply_of(parts)
    assert decision_of(parts).kind is DecisionKind.QUOTED


async def test_a_button_that_storage_does_not_know_is_explained(database: Database) -> None:
    parts = await Desk(database).parts(Pressed(message("", 2), "b_forged"))
    assert "ask me again" in reply_of(parts)
    assert decision_of(parts).kind is DecisionKind.UNKNOWN


async def test_an_intent_with_handoff_hands_off(database: Database) -> None:
    parts = await Desk(database, handoffs=Told(told=True)).parts(said("a person please"))
    assert decision_of(parts).kind is DecisionKind.HANDOFF
    assert reply_of(parts) == "A colleague takes over."
    assert decision_of(parts).reasons[-2:] == ("staff were told", "human at 0.80 reaches 0.60")


async def test_a_handoff_that_nobody_heard_of_gives_the_contact_and_promises_nothing(
    database: Database,
) -> None:
    config = ResponderConfig(introduction=False, contact="help@example.com")
    parts = await Desk(database, config=config).parts(said("a person please"))
    assert decision_of(parts).kind is DecisionKind.HANDOFF
    assert reply_of(parts) == "Of course. You can reach a person here: help@example.com."
    assert "staff could not be told" in decision_of(parts).reasons


@pytest.mark.parametrize(
    ("told", "reply"), [(True, "I have just told our team"), (False, "Of course.")]
)
async def test_the_handoff_button_says_what_came_of_telling_staff(
    database: Database, told: bool, reply: str
) -> None:
    desk = Desk(database, handoffs=(handoffs := Told(told=told)))
    choices = StoredButtons(database, SystemClock())
    offered = Choice("handoff", "", "where is my order", "en")
    await desk.parts(asked := said("where is my order"))
    (button,) = await choices.offer(asked.message.id, [("A person", offered)])
    parts = await desk.parts(Pressed(message("", 2), button.id))
    assert reply_of(parts).startswith(reply)
    assert decision_of(parts).kind is DecisionKind.HANDOFF
    assert handoffs.asked == ["where is my order"]


@pytest.mark.parametrize(
    ("clause", "reply"),
    [
        ("a person please", "A colleague takes over."),
        ("somebody else please", "I have just told our team"),
    ],
)
@pytest.mark.parametrize("start", ["where is my order? ", "hm, where is my order, ", "now "])
async def test_a_person_is_found_beside_another_wish_whatever_intents_are_called(
    database: Database, start: str, clause: str, reply: str
) -> None:
    desk = Desk(database, handoffs=Told(told=True), wanted={clause: 0.9})
    script = {**desk.script, start + clause: {"order_status": 0.9, "human": 0.05}}
    parts = await replace(desk, script=script).parts(said(start + clause))
    assert decision_of(parts).kind is DecisionKind.HANDOFF
    assert reply_of(parts).startswith(reply)


@pytest.mark.parametrize(
    ("wanted", "mentioned"),
    [
        ({"I met a person": 0.79}, {}),
        ({"a person": 0.9}, {"I met a person": 0.9}),
        ({"met a person": 0.9}, {"I met a person": 0.9}),
    ],
)
async def test_a_clause_that_is_not_surely_a_wish_for_a_person_changes_nothing(
    database: Database, wanted: Mapping[str, float], mentioned: Mapping[str, float]
) -> None:
    text = "where is my order, I met a person"
    desk = Desk(database, wanted=wanted, mentioned=mentioned)
    script = {**desk.script, text: {"order_status": 0.9}}
    parts = await replace(desk, script=script).parts(said(text))
    assert decision_of(parts).kind is DecisionKind.INTENT


@pytest.mark.parametrize(
    ("introduction", "reply", "whole"),
    [
        (True, "Hello! Ask me.", "Hello! Ask me.\n\nI'm Robin, an AI assistant."),
        (True, "**Hi** there, ask me.", "**Hi** there, ask me.\n\nI'm Robin, an AI assistant."),
        (True, "Look there.", "Hi! I'm Robin, an AI assistant."),
        ("I am a machine.", "Hello! Ask me.", "I am a machine.\n\nHello! Ask me."),
        ("Hello, I am a machine.", "Hello! Ask me.", "Hello! Ask me.\n\nI am a machine."),
    ],
)
async def test_the_first_answer_greets_once(
    database: Database, introduction: str | bool, reply: str, whole: str
) -> None:
    config = ResponderConfig(bot="Robin", introduction=introduction)
    desk = Desk(database, config=config, replies={"order_status": Answer(reply)})
    assert reply_of(await desk.parts(said("where is my order"))).startswith(whole)


async def test_a_private_reply_keeps_its_introduction_private(database: Database) -> None:
    desk = Desk(database, config=ResponderConfig())
    parts = await desk.parts(said("what do you know of me"))
    assert {part.visibility for part in parts if isinstance(part, Say)} == {Visibility.PRIVATE}


async def test_a_draft_is_not_answered(database: Database) -> None:
    parts = await Desk(database).parts(said("imported"))
    decision = decision_of(parts)
    assert decision.kind is DecisionKind.UNKNOWN
    assert "a_draft is a draft: not answered" in decision.reasons


async def test_a_message_without_words_is_asked_for_words(database: Database) -> None:
    parts = await Desk(database).parts(said("🤷"))
    assert "in a few words" in reply_of(parts)


async def test_the_near_article_is_quoted_with_title_and_source(database: Database) -> None:
    parts = await Desk(database, article_score=0.8).parts(said("tent for a weekend?"))
    assert reply_of(parts) == (
        "This is what our article “Rental” says:\n\n> **Price**\n>\n> A tent is 9 euro a day."
    )
    assert Cite((Source("Rental", "https://example.com/rental"),)) in parts
    assert decision_of(parts).passages[0].citation == "rental.md#Price"


async def test_a_far_article_is_not_quoted(database: Database) -> None:
    desk = Desk(database, config=ResponderConfig(introduction=False, contact="help@example.com"))
    parts = await desk.parts(said("tent for a weekend?"))
    assert decision_of(parts).kind is DecisionKind.UNKNOWN
    assert "help@example.com" in reply_of(parts)


async def test_gpt_answers_sentence_by_sentence_with_sources(database: Database) -> None:
    model = ScriptedModel(
        ["A tent ", "is 9 euro. ", "Tents wait in", " the showroom.", Usage(9, 9)]
    )
    parts = await Desk(database, model=model).parts(said("tent for a weekend?"))
    assert [part.markdown for part in parts if isinstance(part, Say)] == [
        "A tent is 9 euro.",
        " Tents wait in the showroom.",
    ]
    assert any(isinstance(part, Cite) for part in parts)
    assert decision_of(parts).kind is DecisionKind.GENERATED


async def test_what_gpt_answered_from_is_quoted_when_its_words_are_left_out(
    database: Database,
) -> None:
    model = ScriptedModel(["Blue tents wait in the showroom."])
    parts = await Desk(database, article_score=0.4, model=model).parts(said("tent for a weekend?"))
    assert reply_of(parts).endswith("> Tents wait in the showroom.")
    why = "rental.md#Where is what GPT answered from, in words that were left out"
    assert decision_of(parts).reasons[-1] == why


async def test_gpt_that_knows_no_answer_falls_through(database: Database) -> None:
    desk = Desk(database, article_score=0.8, model=ScriptedModel(["NO_", "ANSWER"]))
    parts = await desk.parts(said("tent for a weekend?"))
    assert "NO_" not in reply_of(parts)
    assert decision_of(parts).kind is DecisionKind.QUOTED


@pytest.mark.parametrize("pieces", [[], ["It is 9 euro. ", "And"]])
async def test_gpt_that_fails_falls_through_to_the_article(
    database: Database, pieces: Sequence[str]
) -> None:
    desk = Desk(database, article_score=0.8, model=ScriptedModel(pieces, fails=True))
    parts = await desk.parts(said("tent for a weekend?"))
    decision = decision_of(parts)
    assert decision.kind is DecisionKind.QUOTED
    assert "GPT failed: gpt: the server hung up" in decision.reasons
    assert "hung up" not in reply_of(parts)
    assert reply_of(parts).endswith("> A tent is 9 euro a day.")


async def test_the_first_reply_says_that_an_ai_answers_and_later_ones_do_not(
    database: Database,
) -> None:
    desk = Desk(database, config=ResponderConfig(bot="Robin"))
    event = said("where is my order")
    first = await desk.parts(event)
    assert reply_of(first).startswith("Hi! I'm Robin, an AI assistant.")
    outcome = EventOutcome(decision_of(first), reply_of(first))
    await database.write(lambda c: record(c, [(event, outcome)], datetime.now(UTC)))
    second = await desk.parts(said("where is my order", 2))
    assert "AI assistant" not in reply_of(second)


async def test_the_introduction_can_be_worded_and_switched_off(database: Database) -> None:
    own = ResponderConfig(bot="Robin", introduction={"en": "{bot} (a machine) here."})
    assert reply_of(await Desk(database, config=own).parts(said("a person please"))).startswith(
        "Robin (a machine) here.\n\n"
    )
    off = ResponderConfig(introduction=False)
    assert reply_of(await Desk(database, config=off).parts(said("where is my order"))) == (
        "Look under *My orders*."
    )


async def test_only_the_beginning_of_a_long_message_is_read_and_the_customer_is_told(
    database: Database,
) -> None:
    long = "tent for a weekend? " * 1_000
    model = ScriptedModel(["A tent is 9 euro a day. "])
    script = {shortened(long.strip(), 4_000): {"returns": 0.1}}
    desk = Desk(database, model=model, article_score=0.9, script=script)

    parts = await desk.parts(said(long))

    assert reply_of(parts).startswith("Your message is very long: I have read only the beginning")
    question = model.prompts[0][-1].content
    assert 150 < question.count("tent for a weekend?") <= 200


async def test_a_short_message_is_answered_without_a_word_about_its_length(
    database: Database,
) -> None:
    parts = await Desk(database).parts(said("where is my order"))

    assert reply_of(parts) == "Look under *My orders*."


async def test_what_is_too_long_is_said_in_the_customers_language(database: Database) -> None:
    long = "请问租一顶帐篷周末要多少钱呢" * 500
    desk = Desk(database, script={long[:4_000]: {"returns": 0.1}})

    parts = await desk.parts(said(long))

    assert reply_of(parts).startswith("您的消息很长,我只读了开头部分。")


async def test_long_turns_are_cut_before_they_are_hidden(database: Database) -> None:
    model = ScriptedModel(["A tent is 9 euro a day. "])
    desk = Desk(database, model=model, article_score=0.9)
    asked = said("my number is 030 1234567 " * 1_500)
    first = await desk.parts(asked)
    outcome = EventOutcome(decision_of(first), reply_of(first))
    await database.write(
        lambda connection: record(connection, [(asked, outcome)], datetime.now(UTC))
    )

    await desk.parts(said("tent for a weekend?", 2))

    prompt = model.prompts[-1][-1].content
    assert "1234567" not in prompt
    assert prompt.count("my number is") <= 600 // len("my number is")
