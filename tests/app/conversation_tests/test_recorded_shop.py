"""The shop of a conversation test."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.expectations import compare
from bot.app.conversation_tests.recorded_shop import RecordedShop, ShopCall
from bot.app.conversation_tests.schema import Expectation
from bot.app.conversation_tests.shop_schema import ShopAnswer
from bot.clock import SystemClock
from bot.open_form import OpenForm, SlotValue
from bot.understanding.intents.actions import ActionsFile

FILE = ActionsFile.model_validate(
    {
        "version": 1,
        "actions": {
            "look": {"kind": "read", "python": "look", "needs": ["number"], "on_error": "handoff"},
            "do": {"kind": "write", "python": "do", "needs": ["number"], "on_error": "handoff"},
        },
    }
)


def shop(**answers: list[dict[str, object]]) -> RecordedShop:
    given = {
        name: tuple(ShopAnswer.model_validate(each) for each in listed)
        for name, listed in answers.items()
    }
    return RecordedShop(given)


async def test_answers_come_in_their_order_and_the_last_one_stays() -> None:
    recorded = shop(look=[{"error": "not_found"}, {"returns": {"open": "true", "count": "3"}}])
    first = await recorded.call(FILE, "look", {"number": "1", "other": "x"})
    assert (first.state, first.error) == ("failed", "not_found")
    for _ in range(2):
        found = await recorded.call(FILE, "look", {"number": "2"})
        assert (found.state, found.values) == ("done", {"open": True, "count": "3"})
    assert recorded.take_calls()[0] == ShopCall("look", {"number": "1"})
    assert recorded.take_calls() == ()


async def test_a_lost_answer_leaves_a_write_unknown_and_fails_a_read() -> None:
    recorded = shop(look=[{"lost": "true"}], do=[{"lost": "true"}, {"down": "true"}])
    assert (await recorded.call(FILE, "look", {})).state == "failed"
    assert (await recorded.call(FILE, "do", {})).state == "unknown"
    assert (await recorded.call(FILE, "do", {})).state == "unavailable"


async def test_a_test_without_answers_has_no_shop() -> None:
    recorded = shop(look=[{"down": "true"}])
    assert recorded.is_set_up("do", FILE.actions["do"])
    assert not shop().is_set_up("do", FILE.actions["do"])
    assert (await recorded.call(FILE, "do", {})).state == "unavailable"


def test_an_answer_is_one_of_its_keys() -> None:
    with pytest.raises(ValidationError, match="write one of"):
        ShopAnswer.model_validate({"error": "late", "lost": "true"})
    with pytest.raises(ValidationError, match="no answer"):
        ShopAnswer.model_validate({})


def form(**slots: object) -> OpenForm:
    filled = {name: SlotValue(value, str(value)) for name, value in slots.items()}
    return OpenForm("f", "c", "a", "refund", "", "en", SystemClock().now(), filled, asked="why")


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        ({"form": "refund", "asked": "why", "slots": {"items": ["a", "b"], "sum": "3"}}, []),
        ({"form": "none"}, ["form"]),
        ({"asked": "confirm"}, ["asked"]),
        ({"slots": {"items": ["a"], "other": "1"}}, ["slots.items", "slots.other"]),
        ({"calls": [{"do": {"number": "5"}}]}, []),
        ({"calls": "do"}, []),
        ({"calls": []}, ["calls"]),
        ({"calls": [{"do": {"number": "6"}}]}, ["calls.do.number"]),
    ],
)
def test_forms_and_calls_are_compared(expected: object, keys: list[str]) -> None:
    reply = Reply(form=form(items=["a", "b"], sum=3), calls=(ShopCall("do", {"number": 5}),))
    found = compare(Expectation.model_validate(expected), reply)
    assert [mismatch.key for mismatch in found] == keys
