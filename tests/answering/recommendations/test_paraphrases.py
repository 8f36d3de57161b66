"""What a product must be, said in words that the catalogue does not have."""

from __future__ import annotations

from functools import partial

import pytest

from bot.answering.recommendations.paraphrases import Paraphrases, switch_names
from bot.answering.recommendations.phrases import cut
from tests.answering.recommendations.shop import WordVectors, catalogue, index

NAMES = [("keeps the wind out", "windproof"), ("for the dishwasher", "washable")]


def found(text: str, switches: frozenset[str] = frozenset({"windproof", "washable"})) -> set[str]:
    embed = partial(WordVectors().products, language="en")
    lexicon = index().lexicon("en")
    said = cut(text, lexicon)
    there = Paraphrases(NAMES, embed([name for name, _ in NAMES]), embed)
    return {
        f"{switch}: {said.text[start:end]}"
        for switch, (start, end) in there.find(said.text, said.phrases, lexicon, switches).items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a jacket that keeps the wind off", {"windproof: keeps the wind"}),
        ("a jacket for sunny weekends", set()),
        ("a jacket that keeps not wind", set()),
        ("the. wind. out", set()),
    ],
)
def test_a_switch_is_found_by_words_like_its_name(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_a_switch_that_is_not_asked_about_is_not_found() -> None:
    assert found("a jacket that keeps the wind off", frozenset({"washable"})) == set()


def test_switches_are_called_as_in_the_language_and_in_english() -> None:
    assert ("wasserdicht", "waterproof") in switch_names(catalogue(), "de")
    assert ("rain-proof", "waterproof") in switch_names(catalogue(), "de")
    assert not [name for name, switch in switch_names(catalogue(), "de") if switch == "color"]
