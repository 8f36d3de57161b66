"""Which products are shown for a wish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.recommendations.index import ProductIndex
from bot.answering.recommendations.ranking import Ranking
from bot.answering.recommendations.wish import Constraint, Wish, from_data, merged, to_data
from tests.answering.recommendations.shop import WordVectors, catalogue, index, without_stock

JACKETS = Constraint("category", "is", ("jackets",))
RAIN = Constraint("waterproof", "is", (True,))
NOT_BLACK = Constraint("color", "not", ("black",))
SIZE_M = Constraint("size", "is", ("M",))


def shown(wish: Wish, most: int = 3, *, of: ProductIndex | None = None) -> tuple[str, list[str]]:
    found = of or index()
    ranked = Ranking(found, WordVectors()).choose(wish, "en", most)
    return ranked.state, [found.catalogue.products[row].id for row in ranked.rows]


def test_nothing_that_breaks_a_constraint_is_shown() -> None:
    state, ids = shown(Wish((JACKETS, RAIN, Constraint("price", "most", (100.0,)))))
    assert state == "fits"
    assert set(ids) == {"drizzle", "puddle"}


def test_a_variant_must_have_size_and_colour_together_and_be_in_stock() -> None:
    assert set(shown(Wish((JACKETS, NOT_BLACK, SIZE_M)))[1]) == {"squall", "drizzle", "plume"}
    green_large = Wish(
        (JACKETS, Constraint("color", "is", ("green",)), replace(SIZE_M, values=("L",)))
    )
    assert shown(green_large) == ("none", [])


def test_what_is_not_known_is_not_taken_as_met() -> None:
    warm = Wish(
        (JACKETS, Constraint("hood", "is", (True,)), RAIN, Constraint("color", "is", ("red",)))
    )
    assert shown(warm) == ("fits", ["puddle"])
    for_men = Wish((*warm.constraints, Constraint("for", "is", ("men",))))
    assert shown(for_men) == ("unsure", ["plume"])


def test_what_its_kind_does_not_have_it_does_not_have_either() -> None:
    assert shown(Wish((JACKETS, Constraint("fill", "is", ("synthetic",))))) == ("none", [])


def test_sold_out_products_come_when_nothing_else_fits() -> None:
    sold_out = ProductIndex(without_stock("rill-2"), lambda word: False)
    tents = Wish((Constraint("category", "is", ("tents",)), Constraint("people", "most", (2.0,))))
    assert shown(tents) == ("fits", ["rill-2"])
    assert shown(tents, of=sold_out) == ("sold_out", ["rill-2"])


def test_the_constraint_to_drop_is_the_one_without_which_most_fits() -> None:
    wish = Wish((JACKETS, RAIN, Constraint("price", "most", (40.0,))))
    dropping = Ranking(index(), None).dropping(wish)
    assert [(each.key, count) for each, count in dropping] == [("most:price", 3)]


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        (Wish((JACKETS,), lower=("price",)), "drizzle"),
        (Wish((JACKETS,), texts=("breathable softshell against wind",)), "gale"),
        (Wish((JACKETS,), soft=(Constraint("fill", "is", ("down",)),)), "plume"),
        (Wish((JACKETS,), near=120.0), "gale"),
    ],
)
def test_words_wishes_and_prices_rank(wish: Wish, first: str) -> None:
    assert shown(wish)[1][0] == first


def test_alike_products_do_not_crowd_others_out() -> None:
    _, ids = shown(Wish(texts=("light tent for two",)), most=3)
    assert len({index().catalogue.by_id[each].category for each in ids}) > 1


def test_new_constraints_take_the_place_of_old_ones() -> None:
    old = (Constraint("color", "is", ("black",)), Constraint("price", "most", (100.0,)))
    new = (Constraint("color", "is", ("green",)), Constraint("price", "least", (150.0,)))
    assert merged(old, new) == new
    excluded = merged((NOT_BLACK,), (Constraint("color", "not", ("red",)),))
    assert excluded == (Constraint("color", "not", ("black", "red")),)
    assert merged(excluded, (Constraint("color", "is", ("red",)),)) == (
        Constraint("color", "is", ("red",)),
        NOT_BLACK,
    )


def test_a_wish_is_stored_whole() -> None:
    wish = Wish((JACKETS, SIZE_M), (RAIN,), ("price",), ("people",), 80.0, ("hi",), ("a",), ("b",))
    assert from_data(to_data(wish)) == wish


def test_another_kind_of_product_begins_anew_with_soft_wishes() -> None:
    soft = Wish((JACKETS, SIZE_M, NOT_BLACK)).softened()
    assert soft.constraints == ()
    assert soft.soft == (SIZE_M, NOT_BLACK)


def test_all_products_are_one_variant_at_least() -> None:
    assert all(each.variants for each in catalogue().products)
