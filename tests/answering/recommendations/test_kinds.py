"""Kinds of products that customers mean without naming them."""

from __future__ import annotations

from bot.answering.recommendations.kinds import read_with_kind
from bot.answering.recommendations.reading import Reading
from tests.answering.recommendations.shop import WordVectors, index


def kind(text: str) -> Reading:
    return read_with_kind(index(), text, "en", WordVectors())


def test_a_kind_is_found_by_what_it_is_for() -> None:
    reading = kind("need a roof over the head at a festival for three")
    assert reading.categories == {"tents"}
    assert "least:people" in {each.key for each in reading.constraints}


def test_a_kind_that_the_shop_does_not_have_is_asked_for() -> None:
    reading = kind("got any kayaks")
    assert not reading.categories
    assert reading.may_mean


def test_who_says_only_what_it_must_be_means_any_kind() -> None:
    assert not kind("under 100").may_mean
    assert not kind("black, size M").categories


def test_where_something_is_used_is_its_kind_only_if_nothing_else_is_said() -> None:
    assert kind("which ones in the tent").categories == {"tents"}
    assert not kind("got any kayaks").categories
