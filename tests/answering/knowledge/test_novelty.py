"""How much of a message no article, example or reply names, and how much a passage holds."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.knowledge.bm25 import WordIndex
from bot.answering.knowledge.novelty import Novelty
from bot.answering.knowledge.passages import PASSAGE_WORDS, cut
from bot.understanding.intents import load_intents
from tests.understanding.shop import SOUND

WORDS = WordIndex(["We rent tents and stoves.", "Boots are returned free of charge."])


def novelty(folder: Path, familiar: float = 1.0) -> Novelty:
    (folder / "shop.yaml").write_text(SOUND)
    return Novelty(load_intents(folder), WORDS, lambda _: familiar)


def test_a_word_that_nothing_names_is_new(tmp_path: Path) -> None:
    measure = novelty(tmp_path)
    assert measure.share("do you sell bikes") > 0.5
    assert measure.share("do you rent stoves") < 0.5


def test_words_of_examples_and_numbers_are_not_new(tmp_path: Path) -> None:
    assert novelty(tmp_path).share("where is my parcel 48213") == 0


def test_a_misspelt_word_is_not_new(tmp_path: Path) -> None:
    assert novelty(tmp_path, familiar=0.0).share("wehre is my ordr") == 0


@given(st.text())
def test_shares_lie_between_none_and_all(text: str) -> None:
    assert all(0 <= share <= 1.0001 for share in WORDS.covered(text).tolist())


def test_a_passage_covers_the_words_that_it_holds() -> None:
    rented, returned = WORDS.covered("rent a stove").tolist()
    assert rented > 0
    assert returned == 0


def test_more_words_that_a_passage_holds_say_more_than_one() -> None:
    one, several = WORDS.covered("tents"), WORDS.covered("do you rent tents and stoves")
    assert several[0] > one[0] > 0


def test_a_long_table_repeats_its_header_in_each_passage() -> None:
    rows = "\n".join(f"| Tent number {n} | {n} euro a day |" for n in range(80))
    passages = cut(f"# Rental\n\n| Item | Price |\n| --- | --- |\n{rows}\n").passages
    assert len(passages) > 1
    assert all(each.text.startswith("| Item | Price |\n| --- | --- |\n|") for each in passages)
    assert sum(each.text.count("euro") for each in passages) == 80


def test_a_list_stays_with_the_line_that_introduces_it() -> None:
    before = " ".join(["word"] * (PASSAGE_WORDS - 20))
    points = "\n".join(f"- point number {n}" for n in range(20))
    first, second = cut(f"# Title\n\n{before}\n\nBring these things:\n\n{points}\n").passages
    assert first.text == before
    assert second.text.startswith("Bring these things:\n\n- point number 0")
