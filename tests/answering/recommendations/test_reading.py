"""What customers want of products, read from what they write."""

from __future__ import annotations

import pytest

from bot.answering.recommendations.meanings import WishCue
from tests.answering.recommendations.shop import read, wanted

JACKET = {"is:category": ("jackets",)}
TENTS = {"is:category": ("tents",)}
RAIN = {"is:waterproof": (True,)}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "waterproof jacket under 150, not black",
            {**JACKET, **RAIN, "most:price": 150, "not:color": ("black",)},
        ),
        (
            "zh",
            "要防水的,800以内,不要黑色",
            {**RAIN, "most:price": 800, "not:color": ("black",)},
        ),
        (
            "de",
            "wasserdichte Jacke bis 150 Euro, nicht schwarz, Größe M",
            {**JACKET, **RAIN, "most:price": 150, "not:color": ("black",), "is:size": ("M",)},
        ),
        ("en", "need a waterprof jaket", {**JACKET, **RAIN}),
        ("en", "rain jacket", {**JACKET, **RAIN}),
        ("de", "keine Daunenjacke", {"not:fill": ("down",)}),
        ("de", "Daunenjacke in rot", {**JACKET, "is:fill": ("down",), "is:color": ("red",)}),
        ("zh", "黑色的不要", {"not:color": ("black",)}),
        ("zh", "有没有帐篷", {"is:category": ("tents",)}),
        ("zh", "外套 不要红的", {**JACKET, "not:color": ("red",)}),
        ("en", "I don't want to spend more than 100", {"most:price": 100}),
        ("en", "between 80 and 120 euros", {"least:price": 80, "most:price": 120}),
        ("en", "100-150 euro", {"least:price": 100, "most:price": 150}),
        ("en", "around 100 euros", {"least:price": 80, "most:price": 120}),
        ("en", "no down im vegan", {"not:fill": ("down",)}),
        ("en", "3-person tent", {"is:category": ("tents",), "least:people": 3}),
        ("en", "tent, 150 is the absolute limit", {"most:price": 150}),
        ("de", "Zelt, mehr als 300 Euro wollen wir nicht ausgeben", {"most:price": 300}),
        ("en", "a tent for between four and five hundred euros", {"least:price": 400}),
        ("en", "a jacket, budget 120", {**JACKET, "most:price": 120}),
        ("zh", "帐篷,预算一千八以内", {**TENTS, "most:price": 1800}),
        ("zh", "外套,人民币八百以内", {**JACKET, "most:price": pytest.approx(96, rel=0.5)}),
        ("en", "tent for me plus one", {**TENTS, "least:people": 2}),
        ("de", "Zelt für 2 Erw. + 2 Kinder", {**TENTS, "least:people": 4}),
        ("de", "Jacke in Größe 42. Bis 90 Euro", {**JACKET, "most:price": 90}),
        ("en", "jacket, no black & max 100 euros", {"not:color": ("black",), "most:price": 100}),
        ("en", "jacket, m, below 100", {**JACKET, "is:size": ("M",), "most:price": 100}),
        ("en", "a rain shell", {**JACKET, **RAIN}),
        ("en", "tent lighter than two kilos", {"most:weight": pytest.approx(2000, abs=0.01)}),
        ("en", "tent for me and my wife, I am 1m75", {**TENTS, "least:people": 2}),
        ("en", "a tent for 2 adults and a baby", {**TENTS, "least:people": 3}),
        ("zh", "帐篷,我们两大两小", {**TENTS, "least:people": 4}),
        ("en", "a jacket, not black or red", {**JACKET, "not:color": ("black", "red")}),
        ("zh", "不防水的外套", {**JACKET, "not:waterproof": (True,)}),
        ("en", "my wife wants a jacket", {**JACKET, "is:for": ("women",)}),
        ("en", "I had a black one and hated it", {"not:color": ("black",)}),
        ("en", "not black, black is for my brother", {"not:color": ("black",)}),
        ("de", "Jacke, schwarz kommt nicht in Frage", {**JACKET, "not:color": ("black",)}),
        ("en", "a jacket, my old tent is black", JACKET),
        ("en", "tent for 4 under 2 kg", {"is:category": ("tents",), "most:weight": 2000}),
        ("en", "it's for my 8 year old", {"is:for": ("children",)}),
        ("en", "for my dad, he is 71 years old", {"is:for": ("men",)}),
        ("en", "lighter than the Rill 2", {"is:category": ("tents",)}),
        ("en", "anything but the Rill 2", {"not:name": ("rill-2",)}),
        ("en", "I'm a fan of yours", {}),
        ("en", "no merino please, nothing breathable", {"not:text": ("breathable",)}),
    ],
)
def test_a_request_says_what_is_wanted_and_what_is_not(
    language: str, text: str, found: dict[str, object]
) -> None:
    said = wanted(text, language)
    assert found.items() <= said.items()
    if not found:
        assert not said


def test_a_denial_ends_where_something_is_wanted() -> None:
    assert wanted("not black but blue") == {"not:color": ("black",), "is:color": ("blue",)}
    assert "is:size" in wanted("not black, size M")


def test_less_than_another_product_has_is_a_bound() -> None:
    assert wanted("lighter than the Rill 2")["most:weight"] == pytest.approx(1650, abs=0.01)
    assert wanted("cheaper than the Plume")["most:price"] == pytest.approx(179, abs=0.01)


def test_what_does_not_matter_is_taken_away() -> None:
    assert read("doesn't need to be waterproof").needless == {"waterproof"}
    assert read("die Farbe ist egal", "de").needless == {"color"}
    assert not read("doesn't need to be waterproof").constraints


def test_what_would_be_nice_is_soft() -> None:
    reading = read("a jacket, preferably red")
    assert [each.key for each in reading.soft] == ["is:color"]
    assert [each.key for each in reading.constraints] == ["is:category"]


def test_a_comparative_without_another_product_ranks() -> None:
    assert read("not too heavy").lower == ("weight",)
    assert read("太贵了", "zh").lower == ("price",)


def test_a_budget_in_another_currency_is_converted_roughly() -> None:
    reading = read("a jacket under $100")
    (bound,) = [each for each in reading.constraints if each.about == "price"]
    assert reading.currency == "USD"
    assert 80 < bound.number < 95


def test_products_are_named_by_their_own_words() -> None:
    reading = read("what is the difference between the Rill 2 and the Rill 3?")
    assert reading.named == (("rill-2",), ("rill-3",))
    assert WishCue.COMPARE in reading.cues
    assert read("the Tarnfell Rill").named == (("rill-2", "rill-3"),)


def test_a_number_without_a_unit_is_about_what_was_talked_about() -> None:
    assert [each.key for each in read("for 3", context=["tents"]).constraints] == ["least:people"]
    assert not read("for 3").constraints


def test_an_everyday_word_is_no_size() -> None:
    assert "is:size" not in wanted("it's so cold, i'm freezing")
    assert wanted("jacket in M")["is:size"] == ("M",)


def test_what_is_denied_and_nothing_that_the_shop_has_is_not_passed_over() -> None:
    assert read("jacket without zippers").unread == ("zippers",)
    assert read("a tent of at least 30 litres").unread == ("30 litres",)
    assert not read("jacket, not black").unread


def test_what_a_customer_has_already_is_no_wish() -> None:
    assert read("something to mend my old tent").owned == {"tents"}
    assert not read("something to mend my old tent").categories
    assert read("my next tent").categories == {"tents"}
    assert read("a replacement for my tent").categories == {"tents"}
