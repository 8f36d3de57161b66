"""The schema of `catalogue.yaml`, version 1: every key with its meaning."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from bot.understanding.intents.field_types import StrictModel, Text, Variants, Version
from bot.understanding.intents.field_types import Wording as ByLanguage
from bot.yamlfile import mistake

_CURRENCY = re.compile(r"[A-Z]{3}")


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise mistake(f'"{text}" is no currency', "write its ISO 4217 code, such as EUR")
    return text


def _value_words(value: object, info: ValidationInfo) -> object:
    """Expand a plain list of values to values with themselves as words."""
    if isinstance(value, list):
        language = (info.context or {}).get("language", "en")
        return {str(each): {language: [str(each)]} for each in value}
    return value


def _flat(value: object) -> object:
    values = value if isinstance(value, list) else [value]
    return [_yes_or_no(each) for each in values if each is not None]


def _yes_or_no(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


Currency = Annotated[str, AfterValidator(_currency)]
Values = Annotated[
    tuple[Text, ...], BeforeValidator(_flat, json_schema_input_type=Text | list[Text])
]
"""A value of an attribute, or several."""

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2_000)]


class AttributeEntry(StrictModel):
    """What an attribute means."""

    type: Literal["boolean", "number", "choice", "text"]
    """`boolean` (true, false), `number`, `choice` (one of `values`) or `text`."""

    unit: Text | None = None
    """Of numbers, as products give them: g, kg, l, cm, °C ..."""

    better: Literal["lower", "higher"] | None = None
    """Which numbers most customers prefer."""

    name: ByLanguage = Field(default_factory=dict)
    """What it is called; by default its key."""

    synonyms: Variants = Field(default_factory=dict)
    """What else customers call it."""

    values: Annotated[
        dict[Text, Variants],
        BeforeValidator(_value_words, json_schema_input_type=list[Text] | dict[Text, Variants]),
    ] = Field(default_factory=dict)
    """With `type: choice`: what customers call the values; one that is missing here is called as it
    is written, such as 42."""


class CategoryEntry(StrictModel):
    """A category of products."""

    name: ByLanguage = Field(default_factory=dict)
    """What it is called."""

    synonyms: Variants = Field(default_factory=dict)
    """What else customers call it."""

    uses: Variants = Field(default_factory=dict)
    """What it is for, in a few words each: by their meaning the category is found of customers who
    do not name it, such as "see in the dark"."""


class PictureEntry(StrictModel):
    """A picture."""

    url: Url
    """Where it is; platforms fetch it from there."""

    alt: ByLanguage
    """What it shows, for those who cannot see it."""


class ProductEntry(StrictModel):
    """A product."""

    id: Text
    """Its id; the same in every version of the file."""

    name: ByLanguage
    """What it is called."""

    category: Text
    """A category of `categories`."""

    description: ByLanguage = Field(default_factory=dict)
    """A sentence or two."""

    price: Price
    """In the currency of the file."""

    attributes: dict[str, Values] = Field(default_factory=dict)
    """Values by attribute; a missing one is not known."""

    variants: tuple[dict[str, Values], ...] = ()
    """Sizes, colours ...: `sku`, `stock`, `price` where it differs, and attributes."""

    stock: Annotated[int, Field(ge=0)] | None = None
    """How many there are, of a product without variants; absent: not known."""

    url: Url | None = None
    """The page of the product."""

    picture: PictureEntry | None = None
    """Its picture."""


class CatalogueFile(StrictModel):
    """The whole file."""

    version: Version
    currency: Currency
    """ISO 4217 code of the prices."""

    rates: dict[Currency, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """What a unit of another currency is worth in the file's; without it a budget in another
    currency is taken as one in the file's, and the customer is told."""

    attributes: dict[str, AttributeEntry] = Field(default_factory=dict)
    """What attributes mean, and what customers call them."""

    categories: dict[str, CategoryEntry] = Field(default_factory=dict)
    """What customers call the categories."""

    products: tuple[ProductEntry, ...] = ()
    """The products; they may come from `recommend.feed` instead."""
