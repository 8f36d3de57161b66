from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import Pseudonyms
from bot.privacy.pseudonyms import masked


def test_a_value_comes_back_as_it_was_written() -> None:
    vault = Pseudonyms()

    hidden = vault.hide("I am Maria Schmidt (maria@example.org), order 48213")

    assert hidden == "I am [PERSON_1] ([EMAIL_1]), order [NUMBER_1]"
    assert vault.restore("Hello [PERSON_1]: [NUMBER_1]") == "Hello Maria Schmidt: 48213"


def test_the_same_value_has_the_same_placeholder_in_every_text() -> None:
    vault = Pseudonyms()

    assert vault.hide("mail maria@example.org") == "mail [EMAIL_1]"
    assert vault.hide("I said Maria@Example.org, not anna@example.org") == (
        "I said [EMAIL_1], not [EMAIL_2]"
    )


def test_what_was_found_once_is_hidden_where_nothing_else_gives_it_away() -> None:
    vault = Pseudonyms()
    vault.hide("the password is xyzzy99")

    assert "xyzzy99" not in vault.hide("so xyzzy99 does not work")


def test_a_placeholder_that_a_customer_typed_brings_nothing_back() -> None:
    assert Pseudonyms().restore(Pseudonyms().hide("what is [EMAIL_1]?")) == "what is [EMAIL_1]?"


def test_what_the_articles_say_is_not_hidden() -> None:
    vault = Pseudonyms(public="The Larkspur Wren tent. Write to help@shop.example.")

    text = "is the Larkspur Wren tent dry? I wrote to help@shop.example"
    assert vault.hide(text) == text


def test_masking_leaves_nothing_to_bring_back() -> None:
    assert masked("Maria Schmidt, +44 20 7946 0958") == "[PERSON_1], [PHONE_1]"


@given(st.text(max_size=200))
def test_hiding_and_restoring_returns_any_text_but_for_capitals_and_spaces(text: str) -> None:
    vault = Pseudonyms()

    restored = vault.restore(vault.hide(text))

    assert restored.casefold().split() == text.casefold().split()
