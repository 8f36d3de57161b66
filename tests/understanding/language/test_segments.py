"""Segments of a message keep their places in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language.segments import halves, segments, without


@given(st.text(max_size=300), st.lists(st.sampled_from(["and", "und", "还有"]), max_size=3))
def test_a_segment_is_what_stands_at_its_place(text: str, joints: list[str]) -> None:
    for each in segments(text, joints):
        assert text[each.start : each.end] == each.text == each.text.strip()


@given(st.text(max_size=120))
def test_halves_are_a_segment_without_what_is_between_them(text: str) -> None:
    for segment in segments(text):
        for left, right in halves(segment):
            assert text[left.start : left.end] == left.text
            assert text[right.start : right.end] == right.text
            assert left.end <= right.start
            assert right.end == segment.end


@given(st.text(max_size=300))
def test_a_message_without_its_segments_has_no_words(text: str) -> None:
    assert not any(character.isalnum() for character in without(text, segments(text)))


def test_a_message_without_nothing_is_the_message() -> None:
    assert without(" as it stands. ", []) == " as it stands. "


def test_a_question_mark_belongs_to_the_segment_before_it() -> None:
    assert [each.asks for each in segments("where is it? thanks")] == [True, False]


def test_chinese_is_split_at_a_joint() -> None:
    found = segments("帮我查订单还有发票怎么开", ["还有"])
    assert [each.text for each in found] == ["帮我查订单", "发票怎么开"]


def test_the_items_of_a_numbered_list_are_segments() -> None:
    found = segments("two things: 1. open on Sunday 2. costs 3.5 euro")
    assert [each.text for each in found] == ["two things", "open on Sunday", "costs 3.5 euro"]


def test_an_address_is_not_split_at_its_dots() -> None:
    found = segments("I am ann.lee@example.org. Where is it?")
    assert [each.text for each in found] == ["I am ann.lee@example.org", "Where is it"]
