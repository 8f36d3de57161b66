"""The measures of selecting see what they are to see, so that a zero means something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.grounding.choosers import CANARY, OfferedUnit, ScriptedChoosers
from benchmarks.grounding.rephrasing import ScriptedJudge
from benchmarks.grounding.selecting import SelectedReply, ask_all, shown_units
from benchmarks.grounding.trades import Trade, is_unit, load_trades


@pytest.fixture(scope="module")
def gym() -> Trade:
    trade = next(each for each in load_trades("build") if each.name == "gym")
    return replace(trade, questions=trade.questions[:3])


def shown(trade: Trade, answered: list[SelectedReply]) -> tuple[int, int, int]:
    found = shown_units(trade, answered)
    return found.units, found.off_topic, found.others


async def test_a_good_choice_is_shown_and_right_and_nothing_is_invented(gym: Trade) -> None:
    answered = await ask_all(gym, ScriptedChoosers(gym).good)
    assert [each.right for each in answered] == [True] * 3
    assert not any(each.invented for each in answered)
    units, off_topic, others = shown(gym, answered)
    assert units >= 4
    assert off_topic == others == 0


async def test_what_a_hostile_choice_gets_shown_is_counted(gym: Trade) -> None:
    answered = await ask_all(gym, ScriptedChoosers(gym).contradictory)
    assert shown(gym, answered)[2] > 0
    for chooser in (ScriptedChoosers(gym).text, ScriptedChoosers(gym).invented_numbers):
        answered = await ask_all(gym, chooser)
        assert shown(gym, answered) == (0, 0, 0)
        assert not any(CANARY in each.reply.text for each in answered)


async def test_quoting_without_gpt_is_measured_in_the_same_way(gym: Trade) -> None:
    answered = await ask_all(gym, ScriptedChoosers(gym).good, quoting=True)
    assert {each.reply.kind for each in answered} <= {"quoted", "unknown"}


def test_units_are_those_that_a_question_lists(gym: Trade) -> None:
    row = next(unit for unit in gym.units if unit.key == "Northgate" and "6:30" in unit.text)
    assert is_unit(row, "| Northgate | 6:30–22:30 | 8:00–20:00 | 9:00–18:00 |")
    assert not is_unit(row, "| Mill Lane | 7:00–22:00 | 9:00–20:00 | 10:00–18:00 |")
    assert not is_unit(row, "Northgate")


def test_choosers_choose_from_what_is_offered(gym: Trade) -> None:
    question = gym.questions[0]
    right = gym.listed(question)[0]
    offered = [OfferedUnit(1, "Something else."), OfferedUnit(2, right.text)]
    assert "2" in ScriptedChoosers(gym).good(question, offered)
    assert ScriptedChoosers(gym).good(question, offered[:1]) in {"[0]", '{"choices": []}'}
    assert "[2]" not in ScriptedChoosers(gym).off_topic(question, offered)


async def test_the_scripted_judge_errs_on_one_sentence_in_ten() -> None:
    (gym, *_) = load_trades("build")
    statements = list(gym.statements) * 10
    judge = ScriptedJudge()
    wrong = [await judge(each, ()) != each.truth for each in statements]
    assert 0.08 < sum(wrong) / len(wrong) < 0.12
