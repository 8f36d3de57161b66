"""What constraints, values and facts are called in a customer's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal

from bot.answering.recommendations.catalogue import Attribute, Catalogue, Product, Value
from bot.answering.recommendations.wish import CATEGORY, NAME, PRICE, TEXT, Constraint

_MOST_NAMED = 3
"""Products that a button names."""

Says = Callable[[str, str], str]
"""Returns one of the bot's own texts, by its name and the language."""


class Labels:
    """Names things of a catalogue in one language.

    Args:
        catalogue: Its names.
        says: The bot's own texts.
        language: BCP 47 tag.
    """

    def __init__(self, catalogue: Catalogue, says: Says, language: str) -> None:
        self._catalogue = catalogue
        self._says = says
        self.language = language
        self._locale = _locale(language)

    def text(self, name: str, **values: str) -> str:
        """Return one of the bot's own texts with its placeholders filled."""
        text = self._says(name, self.language)
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        return text

    def product(self, product: Product) -> str:
        """Return the name of a product."""
        return self._catalogue.named(product.names, self.language)

    def description(self, product: Product) -> str:
        """Return what is written about a product."""
        return self._catalogue.named(product.descriptions, self.language)

    def price(self, amount: float) -> str:
        """Return an amount in the currency of the catalogue."""
        shown = format_currency(amount, self._catalogue.currency, locale=self._locale)
        return shown.replace("\N{NO-BREAK SPACE}", " ")

    def category(self, name: str) -> str:
        """Return what a category is called."""
        names = self._catalogue.categories.get(name, {})
        return self._catalogue.word(names, self.language, name.replace("_", " "))

    def attribute(self, name: str) -> str:
        """Return what an attribute is called."""
        if name == PRICE:
            return self.text("product_price")
        attribute = self._catalogue.attributes.get(name)
        words = attribute.words if attribute else {}
        return self._catalogue.word(words, self.language, name.replace("_", " "))

    def value(self, about: str, value: Value) -> str:
        """Return what a value is called: of an attribute, the price, a category or a product."""
        if about == PRICE:
            return self.price(float(value))
        if about == CATEGORY:
            return self.category(str(value))
        if about == NAME:
            found = self._catalogue.by_id.get(str(value))
            return self.product(found) if found else str(value)
        attribute = self._catalogue.attributes.get(about)
        return str(value) if attribute is None else self._of(attribute, value)

    def fact(self, name: str, values: Sequence[Value]) -> str:
        """Return what is known of an attribute as a fact: "waterproof", "weight: 310 g"."""
        attribute = self._catalogue.attributes[name]
        if attribute.type == "boolean":
            called = self.attribute(name)
            return called if values[0] else self.text("constraint_not", value=called)
        shown = ", ".join(self._of(attribute, each) for each in values)
        return f"{self.attribute(name)}: {shown}"

    def constraint(self, constraint: Constraint) -> str:
        """Return what a constraint is called."""
        about, values = constraint.about, constraint.values
        if constraint.op in ("most", "least"):
            shown = self.value(about, constraint.number)
            bound = self.text(f"constraint_{constraint.op}", value=shown)
            return bound if about == PRICE else f"{self.attribute(about)}: {bound}"
        if about == NAME:
            shown = self._family([str(each) for each in values])
        elif about in self._catalogue.attributes and values in ((True,), (False,)):
            shown = self.attribute(about)
            if values == (False,):
                return self.text("constraint_not", value=shown)
        else:
            shown = " / ".join(self.value(about, each) for each in values)
            if self._is_code(about, values):
                shown = f"{self.attribute(about)} {shown}"
        return self.text("constraint_not", value=shown) if constraint.op == "not" else shown

    def yes_or_no(self, value: Value) -> str:
        """Return a switch in a word."""
        return self.text("product_yes" if value else "product_no")

    def _is_code(self, about: str, values: Sequence[Value]) -> bool:
        """Return whether values say nothing by themselves, such as M or 42."""
        named = about not in (CATEGORY, NAME, TEXT)
        return named and all(len(str(each)) <= 2 or str(each)[0].isdigit() for each in values)

    def _family(self, ids: Sequence[str]) -> str:
        """Return what several products are called together: the words that all names have."""
        found = [self._catalogue.by_id[each] for each in ids if each in self._catalogue.by_id]
        names = [self.product(each).split() for each in found]
        common = [word for word in names[0] if all(word in name for name in names)] if names else []
        if common:
            return " ".join(common)
        return ", ".join(self.product(each) for each in found[:_MOST_NAMED])

    def _of(self, attribute: Attribute, value: Value) -> str:
        if attribute.type == "boolean":
            return self.yes_or_no(value)
        if attribute.type == "number":
            shown = format_decimal(round(float(value), 2), locale=self._locale)
            return f"{shown} {attribute.unit}".strip()
        words = attribute.values.get(str(value), {})
        return self._catalogue.word(words, self.language, str(value).replace("_", " "))


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
