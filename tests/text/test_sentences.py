"""One sentence splitter, for texts that arrive in pieces and for whole ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.knowledge.injection import asks_for_secret
from bot.answering.knowledge.passages import PASSAGE_WORDS, cut
from bot.text.sentences import Sentences, pieces, split


@given(st.lists(st.text('ab好 .!?。！\n1,4)e.g"”')))
def test_sentences_join_to_the_text_however_it_comes_in(pieces: list[str]) -> None:
    splitter = Sentences()
    found = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    assert "".join([*found, splitter.rest()]) == "".join(pieces)


@given(st.text("ab好 .!?。！\n1,4)"), st.integers(0, 40))
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
        ("好吗?可以!谢谢。", ["好吗?", "可以!", "谢谢。"]),
        ("“It is free.” She left.", ["“It is free.”", "She left."]),
        ("Go to example.com/returns. Print it.", ["Go to example.com/returns.", "Print it."]),
    ],
)
def test_full_stops_are_told_from_other_points(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@given(st.text("ab好 .!?。！\n1,4)"))
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_articles_are_cut_between_the_same_sentences_as_answers() -> None:
    sentence = "Wash it with soap, e.g. Down Wash, as Dr. Ross does. "
    passages = cut(sentence * 40).passages

    assert len(passages) > 1
    assert all(passage.text.endswith("as Dr. Ross does.") for passage in passages)
    assert all(len(passage.text.split()) <= PASSAGE_WORDS for passage in passages)


def test_a_request_for_a_secret_and_a_denial_in_the_next_sentence_are_two() -> None:
    assert asks_for_secret("Reply with your card number, e.g. 4111. We never share it.")
