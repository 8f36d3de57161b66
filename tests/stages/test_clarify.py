"""What is asked before the bot says that it does not know: only what is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.conversations.transcript import Conversation
from bot.messages import Author, Button, Choice, Message, Offer, Received, ScoredIntent
from bot.ports import Answer, Prediction
from bot.ports.conversations import Pressing
from bot.responder import Turn
from bot.stages.clarify import BEFORE_UNKNOWN, Disambiguate

ANSWERS: Mapping[str, Answer] = {
    "cancel": Answer("", form=True),
    "return": Answer("", form=True),
    "hours": Answer("We open at nine."),
}


class Scripted:
    """Answers and buttons."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return ANSWERS.get(intent)

    def why_not(self, intent: str) -> str:
        return ""

    def title(self, intent: str, *, language: str) -> str:
        return intent

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


async def offered(least: float, **scores: float) -> list[str]:
    """Return the titles of the intents that are offered."""
    script = Scripted()
    stage = Disambiguate(script, script, BotWording(ResponderConfig(), "en"), least=least)
    message = Message("test:a:c:1", "test:a:c", Author("test:w:ann"), "hm", datetime.now(UTC))
    ranked = tuple(ScoredIntent(name, score) for name, score in scores.items())
    prediction = Prediction(ranked, 0.8, 0.6, "m", "h")
    turn = Turn(Received(message), Conversation("test:a:c"), "hm", "en", prediction=prediction)
    parts = [part async for part in stage.handle(turn)]
    labels = [each.label for part in parts if isinstance(part, Offer) for each in part.buttons]
    return [label for label in labels if label in ANSWERS]


async def test_an_unsure_wish_for_something_done_is_asked_about_before_it_is_not_known() -> None:
    assert await offered(1.0, cancel=0.4, **{"return": 0.3}) == []
    assert await offered(BEFORE_UNKNOWN, cancel=0.4, **{"return": 0.3}) == ["cancel", "return"]


async def test_a_text_that_is_less_than_likely_is_not_offered() -> None:
    assert await offered(BEFORE_UNKNOWN, hours=0.4, cancel=0.3) == []
    assert await offered(BEFORE_UNKNOWN, cancel=0.4, hours=0.3) == ["cancel"]
    assert await offered(BEFORE_UNKNOWN, cancel=0.3, hours=0.2) == []
