"""Markdown is cut into posts that lose nothing and break no code block."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.common.markdown import plain_text, split_markdown

PROSE = st.text(alphabet="abc .。！?\n*_#-(é字", min_size=1, max_size=400)
CODE = st.text(alphabet="xyz =\n\t(){}字", max_size=400)
LIMITS = st.integers(min_value=100, max_value=300)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Prose and code blocks, one after the other."""
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            parts.append(draw(PROSE))
        else:
            mark = draw(st.sampled_from(["```", "~~~", "````"]))
            language = draw(st.sampled_from(["", "python"]))
            parts.append(f"\n{mark}{language}\n{draw(CODE)}\n{mark}\n")
    return "\n".join(parts)


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_subsequence(needle: str, haystack: str) -> bool:
    rest = iter(haystack)
    return all(letter in rest for letter in needle)


@given(documents(), LIMITS)
def test_every_piece_fits_and_none_is_blank(text: str, limit: int) -> None:
    pieces = split_markdown(text, limit)
    assert all(piece.strip() and len(piece) <= limit for piece in pieces)


@given(st.text(alphabet="a `~\n.", max_size=600), LIMITS)
def test_any_run_of_fence_marks_fits(text: str, limit: int) -> None:
    assert all(len(piece) <= limit for piece in split_markdown(text, limit))


@given(documents(), LIMITS)
def test_nothing_is_lost_and_order_is_kept(text: str, limit: int) -> None:
    assert is_subsequence(letters(text), letters("".join(split_markdown(text, limit))))


@given(PROSE, LIMITS)
def test_prose_gains_nothing(text: str, limit: int) -> None:
    assert letters("".join(split_markdown(text, limit))) == letters(text)


@given(documents(), LIMITS)
def test_code_blocks_are_closed_in_every_piece(text: str, limit: int) -> None:
    for piece in split_markdown(text, limit):
        opened = ""
        for line in piece.splitlines():
            mark = re.match(r"(`{3,}|~{3,})", line)
            if mark and not opened:
                opened = mark[0]
            elif mark and line.strip() == opened:
                opened = ""
        assert not opened, piece


def test_a_code_block_that_fits_is_not_cut() -> None:
    code = "```python\n" + "value = 1\n" * 8 + "```"
    pieces = split_markdown("Do this first. " * 5 + "\n\n" + code, 100)
    assert code in pieces


def test_a_long_code_block_is_opened_again_with_its_language() -> None:
    code = "```python\n" + "value = 1\n" * 40 + "```"
    pieces = split_markdown(code, 120)
    assert len(pieces) > 1
    assert all(piece.startswith("```python\n") for piece in pieces)
    assert all(piece.endswith("\n```") for piece in pieces)


def test_a_code_block_left_open_is_closed() -> None:
    assert split_markdown("```\nhalf", 100) == ["```\nhalf\n```"]


def test_short_text_stays_as_it_is() -> None:
    text = "Hello.\n\n    indented\n\n- one\n- two"
    assert split_markdown(text, 100) == [text]


def test_cuts_fall_between_sentences_of_a_long_paragraph() -> None:
    pieces = split_markdown("This sentence has forty-one characters in. " * 6, 100)
    assert all(piece.endswith("in.") for piece in pieces)


def test_cuts_fall_between_chinese_sentences() -> None:
    pieces = split_markdown("订单延误了请您再等两天。" * 20, 100)
    assert len(pieces) > 1
    assert all(piece.endswith("。") for piece in pieces)


def test_blank_text_gives_no_piece() -> None:
    assert split_markdown(" \n\n", 100) == []


def test_a_limit_without_room_for_fences_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is 99"):
        split_markdown("text", 99)


def test_plain_text_keeps_code_and_drops_marks() -> None:
    assert plain_text("**Run** `ls`:\n```sh\nls -l\n```") == "Run ls:\nls -l"


def test_plain_text_keeps_snake_case_and_lone_stars() -> None:
    assert plain_text("a_b_c * 2 __init__") == "a_b_c * 2 init"
