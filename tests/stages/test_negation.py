"""Negated requests: scripted clauses and intents, real texts of the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.conversations.transcript import Conversation
from bot.messages import Author, DecisionKind, Done, Message, Part, Received, Say, ScoredIntent
from bot.ports import ClauseReading, Prediction
from bot.responder import Turn
from bot.stages.negation import LeaveOutNegated

REQUEST = ClauseReading(1, 0, 0, 0)
NEGATED = ClauseReading(0, 1, 0, 0)
BACKGROUND = ClauseReading(0, 0, 1, 0)
CONTRAST = ClauseReading(0, 0, 0, 1)


@dataclass
class Scripted:
    """Clauses and intents known by heart; a text without an entry is background of no intent."""

    does: Mapping[str, ClauseReading] = field(default_factory=dict)
    means: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    knows: bool = True

    async def read_clauses(self, texts: Sequence[str], *, language: str) -> list[ClauseReading]:
        self.read += texts
        return [self.does.get(text, BACKGROUND) for text in texts] if self.knows else []

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        ranked = sorted(self.means.get(text, {"other": 0.0}).items(), key=lambda item: -item[1])
        return Prediction(tuple(ScoredIntent(*each) for each in ranked), 0.6, 0.3, "m", "h")


async def handled(script: Scripted, text: str) -> list[Part | Turn]:
    message = Message("test:a:c:1", "test:a:c", Author("test:w:ann"), text, datetime.now(UTC))
    prediction = await script.classify(text)
    turn = Turn(Received(message), Conversation("test:a:c"), text, "en", prediction=prediction)
    stage = LeaveOutNegated(script, script, BotWording(ResponderConfig(), "en"))
    return [part async for part in stage.handle(turn)]


async def only_turn(script: Scripted, text: str) -> Turn:
    (turn,) = await handled(script, text)
    assert isinstance(turn, Turn)
    return turn


async def test_what_is_wanted_is_classified_without_what_is_negated() -> None:
    text = "I don't want to cancel, just change the address."
    script = Scripted(
        {text: CONTRAST, "I don't want to cancel": NEGATED, "just change the address": REQUEST},
        {
            text: {"cancel": 0.9},
            "I don't want to cancel": {"cancel": 0.9},
            "just change the address": {"address": 0.8, "cancel": 0.1},
        },
    )
    turn = await only_turn(script, text)
    assert turn.text == "just change the address"
    assert turn.prediction is not None
    assert [each.name for each in turn.prediction.intents] == ["address"]
    assert turn.denied == {"cancel"}
    assert turn.reasons == ("a part of the message, 22 characters long, is not wanted",)


async def test_a_request_that_is_only_negated_is_asked_about_openly() -> None:
    text = "please do not cancel it"
    script = Scripted({text: NEGATED}, {text: {"cancel": 0.9}})
    said, done = await handled(script, text)
    assert said == Say("All right, I won't do that. What would you like instead?")
    assert isinstance(done, Done)
    assert done.decision.kind is DecisionKind.CLARIFY
    assert done.decision.intents == ()


async def test_the_negated_intent_is_not_answered_for_what_is_left() -> None:
    text = "not a refund, my money please"
    script = Scripted(
        {text: CONTRAST, "not a refund": NEGATED, "my money please": REQUEST},
        {"not a refund": {"refund": 0.9}, "my money please": {"refund": 0.9}, text: {"refund": 1}},
    )
    _, done = await handled(script, text)
    assert isinstance(done, Done)
    assert done.decision.kind is DecisionKind.CLARIFY


async def test_a_condition_after_a_request_denies_nothing() -> None:
    text = "cancel it, otherwise no cancelling"
    script = Scripted(
        {text: CONTRAST, "cancel it": REQUEST, "otherwise no cancelling": NEGATED},
        {"cancel it": {"cancel": 0.9}, "otherwise no cancelling": {"cancel": 0.9}},
    )
    turn = await only_turn(script, text)
    assert turn.text == "cancel it"
    assert turn.denied == frozenset()
    assert turn.prediction is not None
    assert turn.prediction.intents[0] == ScoredIntent("cancel", 0.9)


async def test_what_is_left_and_unsure_is_asked_about() -> None:
    text = "no refund, the other thing"
    script = Scripted(
        {text: CONTRAST, "no refund": NEGATED, "the other thing": REQUEST},
        {"the other thing": {"exchange": 0.1}, text: {"refund": 0.9}},
    )
    turn = await only_turn(script, text)
    assert turn.prediction is not None
    assert turn.prediction.ask_threshold <= 0.1 < turn.prediction.threshold


async def test_a_sentence_without_punctuation_is_cut_where_the_negation_ends() -> None:
    text = "not the price but the weight"
    script = Scripted(
        {text: CONTRAST, "not the price": NEGATED, "but the weight": REQUEST},
        {"but the weight": {"weight": 0.8}, text: {"price": 0.9}},
    )
    assert (await only_turn(script, text)).text == "but the weight"


async def test_a_look_alike_is_taken_as_it_stands() -> None:
    text = "why can't I cancel"
    script = Scripted({text: REQUEST}, {text: {"cancel": 0.9}})
    assert await handled(script, text) == []


async def test_a_message_of_one_segment_is_read_once() -> None:
    script = Scripted({"why can't I cancel": REQUEST}, {"why can't I cancel": {"cancel": 0.9}})
    await handled(script, "why can't I cancel")
    assert script.read == ["why can't I cancel"]


async def test_a_model_without_the_head_changes_nothing() -> None:
    script = Scripted({"not this": NEGATED}, {"not this": {"this": 0.9}}, knows=False)
    assert await handled(script, "not this") == []
