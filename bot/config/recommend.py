"""`recommend:` which products are recommended, and what is remembered of customers' wishes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.config.types import Section
from bot.yamlfile import mistake


def _feed(text: str) -> str:
    """Let a path or a web address through; an address with a password in it is refused."""
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and (parts.password or not parts.hostname):
        raise mistake(
            "no web address that may stand here",
            "write it as https://HOST/PATH, without a password",
        )
    return text


class RecommendConfig(Section):
    """`recommend:` products that are recommended, by intents with `recommend:`."""

    feed: Annotated[str, AfterValidator(_feed)] | None = None
    """Products as CSV or JSON: a file, or an address that is fetched; what their attributes mean
    stands in `catalogue.yaml` beside the intents. Absent: the products of `catalogue.yaml`."""

    refresh: Annotated[float, Field(ge=1, le=1440)] = 15
    """Minutes after which an address is fetched again; files are read when they change."""

    stale_after: Annotated[float, Field(gt=0)] = 24
    """Hours after which staff are told that no newer feed could be read."""

    remember: bool = False
    """Let what a customer named in one conversation (size, budget, exclusions, products liked)
    count softly in others, for `retention.wishes` days."""

    past_orders: str | None = None
    """A read action with a proof that provides `skus`, those that the customer has ordered: where
    they have proven who they are, their size counts softly."""
