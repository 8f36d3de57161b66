"""Products that are recommended, refined, explained and compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.answering.recommendations.wish import Constraint
from bot.messages import DecisionKind
from bot.ports import RecommendScope
from bot.product_events import product_events
from bot.responder import Turn
from bot.storage import Database
from tests.answering.recommendations.shop import catalogue, without_stock
from tests.delivery.conftest import Desk
from tests.stages.recommending import Counter

REQUEST = "waterproof jacket under 150, not black"


@pytest.fixture
def counter(sqlite_desk: Desk) -> Callable[..., Counter]:
    database: Database = sqlite_desk.database
    return lambda **changed: Counter(database, **changed)


async def test_products_come_as_cards_with_facts_and_stock(counter: Callable[..., Counter]) -> None:
    shown = await counter().ask(REQUEST)
    assert set(shown.products) == {"squall", "drizzle", "puddle"}
    assert shown.decision is not None
    assert shown.decision.kind is DecisionKind.RECOMMEND
    card = next(each for each in shown.cards if "Squall" in each.title)
    assert "€139.00 · waterproof" in card.text
    assert "In stock: blue, M" in card.text
    assert "black" not in card.text
    assert (card.url, card.picture) == (
        "https://example.com/p/squall",
        "https://example.com/i/squall.jpg",
    )
    assert card.alt == "Blue rain jacket with hood"
    assert all(each.markdown in shown.text for each in shown.cards)


async def test_constraints_are_buttons_that_take_them_away(counter: Callable[..., Counter]) -> None:
    customer = counter()
    shown = await customer.ask(f"{REQUEST}, size S")
    labels = [each.label for each in shown.buttons if each.label.startswith("✕")]
    assert labels == ["✕ waterproof", "✕ jackets", "✕ not black", "✕ size S", "✕ up to €150.00"]
    assert shown.products == ["puddle"]
    assert "drizzle" in (await customer.press(shown, "size S")).products


async def test_an_intent_recommends_its_category_unless_another_is_named(
    counter: Callable[..., Counter],
) -> None:
    tents = RecommendScope(category="tents")
    assert set((await counter().ask("something light", tents)).products) == {"rill-2", "meadow-4"}
    bags = await counter(conversation="chat:A:D").ask("a sleeping bag", tents)
    assert set(bags.products) == {"hollow", "eider"}


async def test_what_all_products_must_have_cannot_be_taken_away(
    counter: Callable[..., Counter],
) -> None:
    scope = RecommendScope(only={"waterproof": ("true",)})
    shown = await counter().ask("a jacket", scope)
    assert set(shown.products) == {"squall", "drizzle", "puddle"}
    assert "✕ waterproof" not in [each.label for each in shown.buttons]


async def test_an_intent_shows_as_many_as_it_says(counter: Callable[..., Counter]) -> None:
    assert len((await counter().ask("a jacket", RecommendScope(limit=1))).products) == 1


async def test_further_lines_refine(counter: Callable[..., Counter]) -> None:
    customer = counter()
    await customer.ask("rain jackets please")
    for line, products in (
        ("under 100 please", {"drizzle", "puddle"}),
        ("rather green", {"drizzle"}),
        ("without the hood", {"drizzle"}),
        ("actually in red", set()),
    ):
        shown = await customer.go_on(line)
        assert shown is not None
        assert set(shown.products) == products


async def test_what_is_about_something_else_is_passed_on(counter: Callable[..., Counter]) -> None:
    customer = counter()
    assert await customer.go_on("under 100 please") is None
    await customer.ask(REQUEST)
    where = "where is my order, it should be here by now"
    assert await customer.go_on(where, intent="order_status", confidence=0.9) is None
    assert await customer.go_on("thanks") is None


async def test_a_request_that_names_a_kind_needs_no_sure_intent(
    counter: Callable[..., Counter],
) -> None:
    shown = await counter().go_on(REQUEST)
    assert shown is not None
    assert set(shown.products) == {"squall", "drizzle", "puddle"}


async def test_nothing_fits_says_which_wish_to_drop(counter: Callable[..., Counter]) -> None:
    customer = counter()
    shown = await customer.ask("waterproof jacket under 40")
    assert shown.products == []
    assert "Without “up to €40.00” there are 3." in shown.text
    assert len((await customer.press(shown, "up to €40.00")).products) == 3


async def test_what_is_not_known_is_said(counter: Callable[..., Counter]) -> None:
    shown = await counter().ask("waterproof red jacket for men, with a hood")
    assert shown.products == ["plume"]
    assert "may" in shown.text
    assert "Not known: waterproof" in shown.cards[0].text


async def test_sold_out_products_are_named_and_not_recommended(
    counter: Callable[..., Counter],
) -> None:
    sold_out = without_stock(*(e.id for e in catalogue().products if e.category == "tents"))
    shown = await counter(of=sold_out).ask("a tent")
    assert "sold out" in shown.text
    assert "Rill 2" in shown.text
    assert not shown.cards


async def test_buttons_of_a_product(counter: Callable[..., Counter]) -> None:
    customer = counter()
    shown = await customer.ask("a jacket for men")
    why = await customer.press(shown, "Why Skarvik Squall jacket?")
    assert why.text.startswith("What speaks for Skarvik Squall jacket: ")
    assert "waterproof" in why.text
    assert why.decision is not None
    assert list(product_events(why.decision.reasons)) == [("squall", "why")]
    cheaper = await customer.press(shown, "Cheaper than Skarvik Squall jacket")
    assert cheaper.products
    assert "squall" not in cheaper.products
    assert cheaper.decision is not None
    assert list(product_events(cheaper.decision.reasons)) == [("squall", "cheaper")]
    more = await customer.press(shown, "More like Skarvik Squall jacket")
    assert more.decision is not None
    assert list(product_events(more.decision.reasons)) == [("squall", "more")]


async def test_other_products_and_reasons_are_asked_for_in_words(
    counter: Callable[..., Counter],
) -> None:
    customer = counter()
    first = await customer.ask("a jacket")
    others = await customer.go_on("show me others")
    assert others is not None
    assert others.products
    assert not set(others.products) & set(first.products)
    why = await customer.go_on("why?")
    assert why is not None
    assert why.text.startswith("What speaks for ")


async def test_two_named_products_are_compared(counter: Callable[..., Counter]) -> None:
    shown = await counter().ask("what's the difference between the Rill 2 and the Rill 3?")
    assert shown.products == ["rill-2", "rill-3"]
    assert "| Price | €289.00 | €349.00 |" in shown.text
    assert "| weight | 1,650 g | 2,100 g |" in shown.text
    assert "waterproof" not in shown.text


async def test_what_was_named_before_counts_softly_for_another_kind(
    counter: Callable[..., Counter],
) -> None:
    customer = counter()
    await customer.ask("a jacket under 100, not black")
    shown = await customer.ask("and a sleeping bag")
    assert set(shown.products) == {"hollow", "eider"}
    assert shown.products[0] == "hollow"
    assert "what you told me before: not black, up to €100.00" in shown.text
    assert "✕ up to €100.00" in [each.label for each in shown.buttons]


async def test_wishes_are_remembered_across_conversations_only_where_config_says_so(
    counter: Callable[..., Counter],
) -> None:
    await counter(across=True).ask("a jacket, not black")
    elsewhere = {"conversation": "chat:A:D"}
    assert "before" not in (await counter(**elsewhere).ask("a sleeping bag")).text
    remembering = {"across": True}
    public = counter(conversation="chat:A:E", alone=False, **remembering)
    assert "before" not in (await public.ask("a sleeping bag")).text
    again = counter(conversation="chat:A:F", **remembering)
    assert "not black" in (await again.ask("a sleeping bag")).text


class Ordered:
    """A customer who has ordered the size M before."""

    async def wishes(self, turn: Turn) -> tuple[Constraint, ...]:
        return (Constraint("size", "is", ("M",)),)


async def test_past_orders_count_softly_in_private(counter: Callable[..., Counter]) -> None:
    shown = await counter(past=Ordered()).ask("a jacket")
    assert "size M" in shown.text
    public = counter(past=Ordered(), alone=False, conversation="chat:A:D")
    assert "size M" not in (await public.ask("a jacket")).text


async def test_an_interrupted_answer_is_made_from_the_same_wish(
    counter: Callable[..., Counter],
) -> None:
    customer = counter()
    await customer.ask("a jacket")
    first = await customer.go_on("show me others")
    customer.asked -= 1
    again = await customer.go_on("show me others")
    assert first is not None
    assert again is not None
    assert first.products == again.products


async def test_a_request_that_says_nothing_is_asked_back(counter: Callable[..., Counter]) -> None:
    shown = await counter().ask("can you recommend me something?")
    assert "What are you looking for?" in shown.text
    assert shown.products == []


async def test_without_products_the_message_is_passed_on(counter: Callable[..., Counter]) -> None:
    customer = counter()
    customer.close()
    assert (await customer.ask(REQUEST)).decision is None
    assert await customer.go_on(REQUEST) is None


async def test_an_amount_in_another_currency_is_said_to_be_read_as_one_of_ours(
    counter: Callable[..., Counter],
) -> None:
    assert "in EUR, the currency of our prices" in (await counter().ask("a tent under $900")).text


@pytest.mark.parametrize("line", ["要防水的,150以内,不要黑色"])
async def test_chinese_is_answered_in_chinese(counter: Callable[..., Counter], line: str) -> None:
    shown = await counter(language="zh").ask(line)
    assert "这些符合您的要求" in shown.text
    assert "✕ 不要黑色" in [each.label for each in shown.buttons]


async def test_a_kind_that_is_not_sure_is_asked_for_and_the_rest_is_kept(
    counter: Callable[..., Counter],
) -> None:
    asked = await (desk := counter()).ask("got any kayaks under 150 without zippers")
    assert not asked.cards
    shown = await desk.press(asked, "jackets")
    assert shown.cards
    assert "150" in " ".join(each.label for each in shown.buttons)


async def test_what_the_catalogue_says_nothing_about_is_said(
    counter: Callable[..., Counter],
) -> None:
    shown = await counter().ask("a jacket without zippers")
    assert shown.cards
    assert "zippers" in shown.text
