"""A sentence that tells the customer nothing does not leave, however well the articles bear it."""

from __future__ import annotations

import pytest

from bot.answering.generation.answer_check import CheckedAnswer
from bot.answering.grounding import Evidence, Guard
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Source
from bot.ports import Passage
from bot.understanding.encoders.encoder import Encoder

RENTAL = """\
You can rent tents. A tent for two costs 9 euro a day to rent. Most tents weigh little.
Not cheaper are clearance prices, prices of staff, and prices after a code.

Pay by Visa, Mastercard or PayPal. Return the tent within 14 days."""

CHINESE = """\
可以租双人帐篷和四人帐篷。双人帐篷每天 9 欧元。请在 14 天内归还帐篷。"""

GERMAN = "Zelte kann man mieten. Ein Zelt kostet 9 Euro am Tag."

ARTICLES = {
    "en": Passage("en", Source("Tent rental", ""), "", RENTAL, 0.9),
    "de": Passage("de", Source("Wissenswertes", ""), "Miete von Zelten", GERMAN, 0.9),
    "zh": Passage("zh", Source("租赁帐篷", ""), "", CHINESE, 0.9),
}
HOW_MUCH = "how much does it cost to rent a tent for two per day"


@pytest.fixture(scope="module")
def guard(encoder: Encoder) -> Guard:
    return Guard(encoder, BotWording(ResponderConfig(), "en"))


async def shown(guard: Guard, question: str, *sentences: str, language: str = "en") -> list[str]:
    evidence = Evidence.of([ARTICLES[language]], question=question)
    checked = CheckedAnswer(guard, evidence, language)
    said = [(await checked.add(f"{sentence} ")).strip() for sentence in sentences]
    return [text for text in said if text]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (HOW_MUCH, "Tent rental"),
        (HOW_MUCH, "**Tent rental**"),
        (HOW_MUCH, "Tent rental for two"),
        (HOW_MUCH, "How much does it cost to rent a tent for two per day?"),
        (HOW_MUCH, "It costs to rent a tent for two."),
        (HOW_MUCH, "The question is about the cost to rent a tent."),
        ("can I rent a tent?", "Can you rent a tent?"),
        (HOW_MUCH, "The answer is about a tent that costs 9 euro a day to rent."),
        (HOW_MUCH, "A tent for two, or a tent for two, or a tent for two, costs 9 euro a day."),
        ("when do I bring it back", "14."),
        ("when do I bring it back", "It is 14."),
    ],
)
async def test_what_tells_nothing_is_not_shown(guard: Guard, question: str, sentence: str) -> None:
    assert await shown(guard, question, sentence) == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (HOW_MUCH, "A tent for two: 9 euro a day"),
        (HOW_MUCH, "9 euro a day."),
        ("can I rent tents?", "You can rent tents."),
        ("do you rent tents or sell them", "You can rent tents."),
        ("how heavy are the tents", "Most tents weigh little."),
        (
            "what is cheaper?",
            "Clearance prices, prices of staff, and prices after a code are not cheaper.",
        ),
        ("how do I pay?", "Visa, Mastercard or PayPal."),
        ("when do I bring it back", "Return it within 14 days."),
    ],
)
async def test_a_short_answer_is_shown(guard: Guard, question: str, sentence: str) -> None:
    assert await shown(guard, question, sentence) == [sentence]


@pytest.mark.parametrize(
    ("language", "question", "sentence", "tells"),
    [
        ("zh", "双人帐篷每天多少钱?", "租赁帐篷", False),
        ("zh", "双人帐篷每天多少钱?", "双人帐篷双人帐篷每天 9 欧元。", False),
        ("zh", "双人帐篷每天多少钱?", "双人帐篷每天多少欧元?", False),
        ("zh", "双人帐篷每天多少钱?", "双人帐篷每天 9 欧元。", True),
        ("zh", "能租双人帐篷吗?", "可以租双人帐篷。", True),
        ("zh", "多久要归还帐篷?", "请在 14 天内归还帐篷。", True),
        ("de", "was kostet die Miete?", "Miete von Zelten", False),
        ("de", "was kostet die Miete?", "Was kostet die Miete?", False),
        ("de", "kann man Zelte mieten?", "Zelte kann man mieten.", True),
    ],
)
async def test_so_it_is_in_other_languages(
    guard: Guard, language: str, question: str, sentence: str, *, tells: bool
) -> None:
    assert await shown(guard, question, sentence, language=language) == [sentence] * tells


@pytest.mark.parametrize(
    "again",
    [
        "A tent for two costs 9 euro a day to rent.",
        "To rent a tent for two costs 9 euro a day.",
        "It is 9 euro a day for two.",
    ],
)
async def test_nothing_is_said_twice(guard: Guard, again: str) -> None:
    first, more = "A tent for two costs 9 euro a day to rent.", "Return the tent within 14 days."
    assert await shown(guard, HOW_MUCH, first, again, more) == [first, more]


@pytest.mark.parametrize(
    "lead_in", ["Here is how you can answer:", "Here are the details:", "The answer is:"]
)
async def test_a_lead_in_goes_with_what_it_introduces(guard: Guard, lead_in: str) -> None:
    lie, answer = "It costs 12 euro.", "A tent for two costs 9 euro a day to rent."
    assert await shown(guard, HOW_MUCH, lead_in) == []
    assert await shown(guard, HOW_MUCH, lead_in, lie) == []
    assert await shown(guard, HOW_MUCH, lead_in, lie, answer) == [answer]


async def test_a_lead_in_stays_before_what_it_introduces(guard: Guard) -> None:
    lead_in, answer = "Here are the details:", "A tent for two costs 9 euro a day to rent."
    assert await shown(guard, HOW_MUCH, lead_in, answer) == [f"{lead_in} {answer}"]
    assert await shown(guard, HOW_MUCH, "Here is how you can answer:", answer) == [answer]


async def test_only_what_stands_below_a_heading_is_an_answer(guard: Guard) -> None:
    assert await shown(guard, HOW_MUCH, "I am a customer of the rental.") == []
