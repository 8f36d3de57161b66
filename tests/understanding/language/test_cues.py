"""Short answers are read by the cue words of the eleven languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language.cues import Cue, number_phrases, read_answer, small_phrases


def nothing(_word: str) -> bool:
    return False


def cues(text: str) -> set[Cue]:
    reading = read_answer(text, nothing)
    assert reading.rest == ""
    return set(reading.cues)


@pytest.mark.parametrize(
    ("cue", "texts"),
    [
        (Cue.YES, "yep|ja bitte|oui|sí, por favor|certo|klopt|sim|tak|evet|是的|はい|yesss"),
        (Cue.NO, "nope|nein|non|que no|no no|nee hoor|não|nie|hayır|不是|いいえ"),
        (
            Cue.FIRST,
            (
                "the first one pls|das erste|le premier|la primera|il primo|de eerste|o primeiro"
                "|ten pierwszy|birincisi|第一个|最初のほう|1|1.|#1|a)|frist|option 1|le 1"
            ),
        ),
        (
            Cue.SECOND,
            (
                "teh secnd|das zweite bitte|la deuxième|el segundo|la seconda|de tweede graag"
                "|a segunda opção|to drugie|ikincisi|第二个|2番目です|B.|number two|选二"
            ),
        ),
        (Cue.LAST, "the latter|das letzte|la dernière|el último|l'ultimo|laatste|son|后者|最後"),
        (Cue.MIDDLE, "the middle one|ortadaki|中间那个|środkowy"),
        (
            Cue.BOTH,
            ("both actually|beide|les deux|ambos|entrambi|allebei|oba|ikisi de|两个都要|両方"),
        ),
        (
            Cue.NEITHER,
            (
                "neihter|none of them|keins von beiden|aucun des deux|ninguno de los dos"
                "|nessuno dei due"
                "|geen van die twee|nenhuma|żadne z nich|hiçbiri|都不是|どちらでもない"
            ),
        ),
        (
            Cue.HELP,
            (
                "help|hilfe|aide-moi|ayuda|aiuto|hulp|ajuda|pomocy|yardım"
                "|帮帮我|助けて|what can you do?"
            ),
        ),
        (Cue.NEVER_MIND, "forget it|vergiss es|laisse tomber|da igual|laat maar|boşver|算了"),
    ],
)
def test_a_cue_is_read_in_each_language(cue: Cue, texts: str) -> None:
    read = {text: cues(text) for text in texts.split("|")}
    assert {text: found for text, found in read.items() if cue not in found} == {}


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "no order confirmation came",
        "the first parcel is lost",
        "what about kids sizes",
        "two boots",
    ],
)
def test_a_question_of_its_own_has_a_rest(text: str) -> None:
    assert read_answer(text, str.isascii).rest


def test_what_follows_a_mark_is_the_rest() -> None:
    reading = read_answer("都不是，我想知道什么时候到货", nothing)
    assert (set(reading.cues), reading.rest, reading.apart) == (
        {Cue.NEITHER},
        "我想知道什么时候到货",
        True,
    )


def test_positions_that_are_denied_are_none() -> None:
    assert cues("neither the first nor the second") == {Cue.NEITHER}
    assert cues("not that, the second") == {Cue.SECOND}


def test_a_cue_tells_its_language() -> None:
    assert read_answer("hilfe", nothing).languages == {"de"}
    assert read_answer("ja", nothing).languages == {"de", "nl"}


def test_asking_for_help_with_something_is_no_cue_for_help_alone() -> None:
    assert small_phrases().read("help me choose", nothing).rest == "choose"
    assert small_phrases().read("hello, help me please", nothing).rest == ""


def test_words_around_a_number_add_nothing() -> None:
    for text in ("order no", "it's", "Nummer", "单号", "numéro de commande", "注文番号は です"):
        assert number_phrases().read(text, nothing).rest == ""
    assert number_phrases().read("cancel", nothing).rest == "cancel"


@given(st.text(max_size=200))
def test_a_rest_stands_in_the_text(text: str) -> None:
    reading = read_answer(text, nothing)
    assert reading.rest == "" or not reading.cues or set(reading.rest.split())
    small_phrases().read(text, nothing)
