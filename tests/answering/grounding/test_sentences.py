"""A model's pieces become sentences, and nothing gets lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.grounding.sentences import Sentences, split


@given(st.lists(st.text('ab .!?。！\n1,4)e.g"”')))
def test_sentences_join_to_the_text_however_it_comes_in(pieces: list[str]) -> None:
    splitter = Sentences()
    found = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    assert "".join([*found, splitter.rest()]) == "".join(pieces)


@given(st.text("ab .!?。！\n1,4)"), st.integers(0, 40))
def test_where_a_piece_ends_makes_no_difference(text: str, cut: int) -> None:
    whole, cut_up = Sentences(), Sentences()
    once = [*whole.feed(text), whole.rest()]
    twice = [*cut_up.feed(text[:cut]), *cut_up.feed(text[cut:]), cut_up.rest()]
    assert once == twice


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It costs 4.95 euros. Really.", ["It costs 4.95 euros.", "Really."]),
        ("Use soap, e.g. Down Wash. Rinse.", ["Use soap, e.g. Down Wash.", "Rinse."]),
        ("We ask Dr. Ross. She knows.", ["We ask Dr. Ross.", "She knows."]),
        ("1. Open it.\n2. Close it.", ["1. Open it.", "2. Close it."]),
        ("可以退货。运费3.95欧元！好吗？", ["可以退货。", "运费3.95欧元！", "好吗？"]),
        ("“It is free.” She left.", ["“It is free.”", "She left."]),
        ("Go to example.com/returns. Print it.", ["Go to example.com/returns.", "Print it."]),
    ],
)
def test_full_stops_are_told_from_other_points(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences
