from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.cards import CODE, NUMBER, mask_cards

# Numbers that the networks publish for tests.
PUBLISHED = [
    "4111111111111111",
    "4012888888881881",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
    "6200000000000005",
    "6759649826438453",
    "6304000000000000",
]


@pytest.mark.parametrize("number", PUBLISHED)
@pytest.mark.parametrize(
    "gap", ["", " ", "-", ".", "\u00a0", "\u2011", "\u200b", " - ", ", ", ":", "*", "  - ", ")("]
)
def test_every_network_is_masked_however_it_is_grouped(number: str, gap: str) -> None:
    typed = gap.join(number[at : at + 4] for at in range(0, len(number), 4))

    assert mask_cards(f"charged on {typed}!") == f"charged on {NUMBER}!"


@pytest.mark.parametrize(
    "text",
    [
        "where is my order 48213",
        "call me on +49 170 1234567 or 0044 20 7946 0958",
        "tracking 00340434161094021501",
        "tracking 1Z999AA10123456784",
        "4111111111111112 is no card",
        "IMEI 490154203237518",
        "on 2026-01-05 09:00:00.000100",
        "my pin code is on the letter",
        "the code 123 does not work in the basket",
        "orders 48213, 48214, 48217 and 48219",
        "open 9:00-17:00, 10:00-16:00 on Sundays",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_cards(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111111111111111 12/27 123", f"{NUMBER} 12/27 {CODE}"),
        ("4111 1111 1111 1111 123", f"{NUMBER} {CODE}"),
        ("4111 1111 1111 1111, exp 01/2029, 1234", f"{NUMBER}, exp 01/2029, {CODE}"),
        ("4111111111111111 CVC:123", f"{NUMBER} CVC:{CODE}"),
        ("the cvv is 1234", f"the cvv is {CODE}"),
        ("security code 1 2 3", f"security code {CODE}"),
        ("the digits on the back are 123", f"the digits on the back are {CODE}"),
        ("Prüfziffer lautet 123", f"Prüfziffer lautet {CODE}"),
        ("安全码是123", f"安全码是{CODE}"),
        ("两张卡 ４１１１１１１１１１１１１１１１ 和", f"两张卡 {NUMBER} 和"),
        ("my visa4111111111111111", f"my visa{NUMBER}"),
        (
            "5555 5555 5555 4444 and 4111-1111-1111-1111",
            f"{NUMBER} and {NUMBER}",
        ),
        ("5555 5555 5555 4444 4111 1111 1111 1111", f"{NUMBER} {NUMBER}"),
        ("order 48213: 4111 1111 1111 1111", f"order 48213: {NUMBER}"),
        ("48213 4111 1111 1111 1111", f"48213 {NUMBER}"),
    ],
)
def test_cards_and_codes_among_other_things(text: str, masked: str) -> None:
    assert mask_cards(text) == masked


@given(
    body=st.text("0123456789", min_size=14, max_size=14),
    gaps=st.lists(st.sampled_from(["", " ", "-", "  "]), min_size=15, max_size=15),
    before=st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=10),
)
def test_no_digit_of_a_valid_card_is_left(body: str, gaps: list[str], before: str) -> None:
    digits = "4" + body
    digits += next(check for check in "0123456789" if mask_cards(digits + check) != digits + check)
    typed = "".join(digit + gap for digit, gap in zip(digits, [*gaps, ""], strict=True))

    assert not any(sign.isdecimal() for sign in mask_cards(before + typed))


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    once = mask_cards(text)

    assert mask_cards(once) == once


@pytest.mark.parametrize("text", ["4" * 1_000_000, "4 " * 300_000, "cvv " * 200_000])
def test_a_megabyte_can_be_masked(text: str) -> None:
    assert mask_cards(text)[:3] == mask_cards(text[:3_000])[:3]
