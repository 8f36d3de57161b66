"""Long messages: cut between words, never within a number, before anything else looks at them."""

from __future__ import annotations

import pytest

from bot.privacy.pseudonyms import masked
from bot.text.markdown import shorten
from bot.text.shorten import shortened


def test_a_short_text_stays_as_it_is() -> None:
    assert shortened("  where is it?  ", 100) == "  where is it?  "


@pytest.mark.parametrize("limit", range(6, 24))
def test_a_cut_falls_between_words(limit: int) -> None:
    words = ["where", "is", "my", "parcel", "now", "please"]

    kept = shortened(" ".join(words), limit).split()

    assert kept == words[: len(kept)]


def test_chinese_is_cut_between_any_two_characters() -> None:
    assert shortened("退货要多少钱" * 100, 50) == ("退货要多少钱" * 100)[:50]


def test_a_word_without_end_is_cut_where_it_must_be() -> None:
    assert shortened("a" * 5_000, 4_000) == "a" * 4_000


@pytest.mark.parametrize("number", ["+49 30 1234 5678", "4111-1111-1111-1111", "030 / 12 34 56"])
def test_no_half_of_a_number_is_left(number: str) -> None:
    text = f"please call me back at {number} before noon"
    begins = text.index(number)

    for limit in range(begins + 2, begins + len(number)):
        assert not any(character.isdigit() for character in masked(shortened(text, limit)))


@pytest.mark.parametrize("limit", range(1, 40))
def test_a_mark_counts_towards_the_limit(limit: int) -> None:
    text = "Where is my parcel? I ordered it in May."

    cut = shortened(text, limit, "…")

    assert len(cut) <= limit
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])


def test_a_text_that_fits_gets_no_mark() -> None:
    assert shortened("Where is it?", 12, "…") == "Where is it?"


def test_markdown_is_cut_at_a_paragraph_where_there_is_one() -> None:
    assert shorten("One two.\n\nThree four five.", 20) == "One two. …"
    assert shorten("One two three four five.", 12) == "One two …"
    assert len(shorten("a" * 50, 20)) == 20
