"""`responder.texts:` own words for what the bot says about products."""

from __future__ import annotations

from bot.config.text_field import Text
from bot.config.types import Section


class ProductTexts(Section):
    """Texts about products."""

    products_fit: Text = None
    """Above products that fit what a customer asked for."""

    products_unsure: Text = None
    """Above products that may fit: whether they do is not known in every point."""

    products_sold_out: Text = None
    """Above products that fit, when none of them is in stock."""

    products_none: Text = None
    """To a customer for whose wishes there is nothing; `{wishes}` are all that they named."""

    products_without: Text = None
    """After it: how many there are without one of the wishes; `{wish}`: the wish, `{count}`:
    how many."""

    products_before: Text = None
    """After products, when what the customer named before counted as well; `{wishes}`: the
    wishes."""

    products_currency: Text = None
    """After products, when the budget was in another currency than the prices; `{currency}`:
    the currency."""

    products_all: Text = None
    """To a customer who wants to see more, when there is no more."""

    products_ask: Text = None
    """To a customer who wants something recommended and says nothing about it."""

    products_which: Text = None
    """Which kind of product a customer means, above buttons with the names of categories."""

    products_unread: Text = None
    """After products, what a customer asked for that the catalogue says nothing about;
    `{wishes}`: their words."""

    product_more: Text = None
    """A button under a product; `{product}`: its name."""

    product_cheaper: Text = None
    """A button under a product; `{product}`: its name."""

    product_why: Text = None
    """A button under a product; `{product}`: its name."""

    product_reasons: Text = None
    """To a customer who asks why a product was recommended; `{product}`: its name, `{reasons}`:
    the reasons."""

    product_unknown: Text = None
    """At a product: of which wishes it is not known whether it fulfils them; `{attributes}`:
    what is not known."""

    product_in_stock: Text = None
    """At a product: which of its variants are in stock; `{variants}`: the variants."""

    product_sold_out: Text = None
    """At a product of which nothing is in stock."""

    product_price: Text = None
    """What the price is called in a comparison."""

    product_not_known: Text = None
    """In a comparison, in the place of what is not known."""

    product_yes: Text = None
    """In a comparison: the product has it."""

    product_no: Text = None
    """In a comparison: the product does not have it."""

    constraint_not: Text = None
    """What a customer does not want, on a button that takes it away; `{value}`: what it is
    about."""

    constraint_most: Text = None
    """The most that a customer wants, on a button that takes it away; `{value}`: what it is
    about."""

    constraint_least: Text = None
    """The least that a customer wants, on a button that takes it away; `{value}`: what it is
    about."""
