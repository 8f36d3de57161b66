"""How articles are cut into what is shown, and what comes along."""

from __future__ import annotations

import pytest

from bot.answering.selection.limits_and_warnings import is_warning, limits, warnings
from bot.answering.selection.units import LONGEST, MOST, ArticleUnit, units_of
from bot.messages import Source
from bot.ports import Passage


def cut(*texts: str) -> list[ArticleUnit]:
    return units_of([Passage("a.md", Source("A"), "", text, 1.0) for text in texts])


def test_sentences_are_units_and_lines_that_go_on_are_joined() -> None:
    found = cut("You can pay by card, or\nin cash. Ask us.\n\n会员\n免费。", "Next.")
    assert [unit.text for unit in found] == [
        "You can pay by card, or in cash.",
        "Ask us.",
        "会员免费。",
        "Next.",
    ]
    assert [unit.passage for unit in found] == [0, 0, 0, 1]


def test_a_list_item_comes_with_what_introduces_it() -> None:
    found = cut("Prices rise. Pay per visit:\n\n- Pool: €5\n- Sauna:\n  - dry: €7\n\nEnd.")
    assert [(unit.introductions, unit.mark, unit.text) for unit in found] == [
        ((), "", "Prices rise."),
        (("Pay per visit:",), "-", "Pool: €5"),
        (("Pay per visit:", "Sauna:"), "-", "dry: €7"),
        ((), "", "End."),
    ]


def test_numbered_steps_keep_their_numbers() -> None:
    assert [(unit.mark, unit.text) for unit in cut("1. Open it. Wait.\n2) Close it.")] == [
        ("1.", "Open it. Wait."),
        ("2)", "Close it."),
    ]


def test_a_row_is_told_with_its_columns() -> None:
    (row,) = cut("| Gym | Open |  |\n|---|---|---|\n| **Mill** | 7–22 | |")
    assert row.text == "Gym: **Mill**; Open: 7–22"
    assert row.key == "Mill"


@pytest.mark.parametrize(
    "text",
    ["The pool is here. It is long.", "Die Sauna ist hier. Sie ist heiß.", "会员免费。但须预约。"],
)
def test_a_sentence_that_points_back_leans_on_the_one_before(text: str) -> None:
    assert [unit.lead for unit in cut(text)] == [None, 0]


def test_a_quotation_and_code_are_read() -> None:
    found = cut("> Quoted. Text.\n\n```\na. b.\n\nc\n```")
    assert [unit.text for unit in found] == ["Quoted.", "Text.", "```\na. b.\n\nc\n```"]


def test_what_is_too_long_or_too_much_is_not_offered() -> None:
    long = "x" * (LONGEST + 1)
    assert next(unit.text for unit in cut(f"{long}. Short.")) == ""
    assert len(cut("It is free. " * 500)) == MOST


def test_limits_are_the_sentences_after_it_that_make_an_exception() -> None:
    units = cut("Entry is free. Except on Sundays. Bring a towel.\n\nHowever, no dogs.")
    assert list(limits(0, units)) == [1]
    assert list(limits(2, units)) == []


def test_warnings_are_those_of_the_same_passage() -> None:
    units = cut("Swim. Never dive here.", "Never smoke.")
    assert list(warnings(0, units)) == [1]


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("Never leave a stove alone.", True),
        ("Warning: hot surface.", True),
        ("Do not take it inside: it may cause a fire.", True),
        ("Verwenden Sie niemals Benzin: Es besteht die Gefahr einer Explosion.", True),
        ("Niemals im Zelt kochen.", True),
        ("对坚果严重过敏的人请不要饮用我们的奶昔。", True),
        ("切勿跳水。", True),
        ("Gas canisters can't be returned.", False),
        ("The fire exit is on the left.", False),
        ("You can pay in cash.", False),
    ],
)
def test_a_warning_is_told_from_other_sentences(text: str, warns: bool) -> None:
    assert is_warning(text) is warns
