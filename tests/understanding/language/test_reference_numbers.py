"""Numbers of orders and parcels are found by their form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language.reference_numbers import reference_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("it's 61207", "61207"),
        ("#39026", "#39026"),
        ("A-20817", "A-20817"),
        ("单号47102", "47102"),
        ("61 207", "61 207"),
        ("tracking number 3SABCD1234567", "3SABCD1234567"),
    ],
)
def test_a_number_is_found(text: str, number: str) -> None:
    assert reference_numbers(text).numbers == (number,)


@pytest.mark.parametrize("text", ["size 42", "2 tents", "in 14 days", "where is it", "covid19"])
def test_other_numbers_are_none(text: str) -> None:
    assert reference_numbers(text).numbers == ()


@given(st.text(max_size=100))
def test_what_is_left_has_no_number(text: str) -> None:
    found = reference_numbers(text)
    assert all(sum(each.isdigit() for each in number) >= 4 for number in found.numbers)
