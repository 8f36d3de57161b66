"""What is read of a model's reply: choices, and nothing else."""

from __future__ import annotations

import json
import unicodedata

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.selection.answer import SelectedAnswer
from bot.answering.selection.reply import MOST, Choice, ChoiceReader, choice_schema
from bot.answering.selection.units import units_of
from bot.answering.wording import BUILT_IN, BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Source
from bot.ports import Passage

PASSAGE = Passage(
    "pool.md#Rules",
    Source("Pool"),
    "Rules",
    "The pool is **free**. It has `four` lanes.\n\nBring:\n\n- a cap\n- a towel\n\n"
    "| Day | Open |\n|---|---|\n| Sat | 9–18 |\n\n1. Shower.\n2. Swim.",
    1.0,
    language="de",
)
UNITS = units_of([PASSAGE])


def choices(reply: str, units: int = 9, size: int = 3) -> list[Choice]:
    reader = ChoiceReader(units)
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    return [choice for piece in pieces for choice in reader.feed(piece)]


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("[3] [5]", [(1, 3), (1, 5)]),
        ("1: [3][5]\n2: [7]", [(1, 3), (1, 5), (2, 7)]),
        ("[3, 5]", [(1, 3), (1, 5)]),
        ("Units 3 and 5.", []),
        ("[0] [10] [-1] [1e1] [٣] [ 4 ] [four] [44444]", [(1, 4)]),
        ("[3] [3]", [(1, 3)]),
        ("[3", []),
        ('{"choices": [{"part": 2, "unit": 3}, {"part": 1, "unit": 5}]}', [(2, 3), (1, 5)]),
        ('{"choices": [{"part": 2, "unit": 3}', [(2, 3)]),
        ('{"choices": [{"part": 2, "unit": "3"}]}', []),
        ('{"choices": [{"part": true, "unit": 3}]}', []),
        ('{"choices": [{"part": 1, "unit": 3, "text": "x"}]}', []),
        ('{"answer": [{"part": 1, "unit": 3}]}', []),
        ('{"text": "free", "choices": [{"part": 1, "unit": 3}]}', []),
        ('[{"part": 1, "unit": 3}]', []),
        ("", []),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_a_reply_is_read_strictly(reply: str, read: list[tuple[int, int]], size: int) -> None:
    assert choices(reply, size=size) == [Choice(*each) for each in read]


@pytest.mark.parametrize(
    ("reply", "declined"),
    [
        ("[0]", True),
        ("1: [ 0 ]", True),
        ('{"choices": []}', True),
        ("", False),
        ("No answer.", False),
        ("[]", False),
        ("{}", False),
        ('{"choices": [{"part": 1, "unit": 3}]}', False),
    ],
)
def test_declining_is_told_from_a_reply_that_cannot_be_read(reply: str, declined: bool) -> None:
    reader = ChoiceReader(9)
    list(reader.feed(reply))
    assert reader.declined is declined


def test_who_chooses_everything_has_not_chosen() -> None:
    assert len(choices(" ".join(f"[{n}]" for n in range(1, 100)), units=99)) == MOST


def test_what_the_schema_admits_is_read() -> None:
    reply = {"choices": [{"part": 1, "unit": 9}]}
    jsonschema.validate(reply, choice_schema(9))
    assert choices(json.dumps(reply, indent=2)) == [Choice(1, 9)]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"choices": [{"part": 1, "unit": 10}]}, choice_schema(9))


NUMBERS = st.one_of(st.integers(-3, 99).map(lambda n: f"[{n}]"), st.text(max_size=8))
REPLIES = st.one_of(
    st.text(max_size=60),
    st.lists(NUMBERS, max_size=12).map(" ".join),
    st.lists(
        st.fixed_dictionaries({"part": st.integers(-1, 3), "unit": st.integers(-1, 12)}), max_size=6
    ).map(lambda found: json.dumps({"choices": found})),
)


@given(REPLIES, st.integers(1, 7), st.sampled_from(["en", "de", "zh"]))
@settings(max_examples=300, deadline=None)
def test_no_character_is_shown_that_is_not_in_an_article_or_a_catalogue(
    reply: str, size: int, language: str
) -> None:
    answer = SelectedAnswer([PASSAGE], UNITS, BotWording(ResponderConfig(), "en"), language)
    for choice in choices(reply, len(UNITS), size):
        answer.add(choice.part, choice.unit - 1)
    said = "".join(answer.said)
    for unit in sorted(UNITS, key=lambda each: -len(each.text)):
        said = said.replace(unit.text, "\0")
        for introduction in unit.introductions:
            said = said.replace(introduction, "\0")
    for name in ("selected_foreign", "selected_also"):
        for text in BUILT_IN[name].values():
            said = said.replace(text, "\0")
    marks = "12." if any(unit.mark[0].isdigit() for unit in UNITS if unit.mark) else ""
    assert set(said) <= {"\0", "\n", " ", "-", *marks}
    assert not any(unicodedata.category(each) == "Ll" for each in said)
