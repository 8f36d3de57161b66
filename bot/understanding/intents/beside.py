"""What stands beside the intent files: catalogue.yaml and actions.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.understanding.intents.fields import Name, Text, Texts, Version, Written


class Product(Written):
    """Something that can be recommended."""

    sku: Text
    name: Text
    category: Text
    price: Annotated[float, Field(ge=0)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    url: Text | None = None
    description: Text | None = None
    attributes: dict[str, Texts] = Field(default_factory=dict)
    in_stock: bool = True
    tags: Texts = ()


class CatalogueFile(Written):
    """catalogue.yaml: what can be recommended."""

    version: Version
    products: tuple[Product, ...]


class Action(Written):
    """A network call that gives the fields of a reply."""

    url: Text
    """Address; `{slot}` stands for a slot's value."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: dict[str, Text] = Field(default_factory=dict)
    """Headers; secrets only as names of environment variables, `${NAME}`."""

    body: dict[str, Text] = Field(default_factory=dict)
    """Fields sent as JSON; `{slot}` stands for a slot's value."""

    timeout: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Seconds to wait."""

    returns: Texts = ()
    """Fields of the result that replies may use as `{field}`."""


class ActionsFile(Written):
    """actions.yaml: network calls, by name."""

    version: Version
    actions: dict[Name, Action]
