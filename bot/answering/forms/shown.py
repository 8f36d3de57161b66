"""What forms know, by name: as actions and conditions take it, and as customers read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime

from bot.answering.conditions import written
from bot.open_form import OpenForm


def values_of(form: OpenForm) -> dict[str, Any]:
    """Return the values of slots and results, for actions and conditions."""
    return {**form.results, **{name: each.value for name, each in form.slots.items()}}


def shown_of(form: OpenForm) -> dict[str, str]:
    """Return the same as the customer reads it, for placeholders."""
    results = {name: shown(value, form.language) for name, value in form.results.items()}
    return {
        **{name: text for name, text in results.items() if text},
        **{name: plain(each.shown) for name, each in form.slots.items()},
    }


def shown(value: Any, language: str) -> str:  # noqa: ANN401 - what JSON holds
    """Return a value that an action provided as the customer reads it; empty: nothing to read.

    >>> shown("2026-12-01", "de"), shown(["blue", "red"], "en"), shown({"sku": 1}, "en")
    ('01.12.2026', 'blue, red', '')
    """
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(each for each in (shown(one, language) for one in value) if each)
    if isinstance(value, str) and (day := _moment(value)) is not None:
        locale = _locale(language)
        if isinstance(day, datetime):
            return format_datetime(day, "short", locale=locale)
        return format_date(day, "medium", locale=locale)
    text = written(value)
    return text if _LINK.fullmatch(text) else plain(text)


def plain(text: str) -> str:
    r"""Return foreign text so that it stands in Markdown as it is.

    >>> print(plain("[here](http://evil.example) *now*"))
    \[here\](http://evil.example) \*now\*
    """
    return "".join("\\" + each if each in _MARKUP else each for each in " ".join(text.split()))


_LINK = re.compile(r"https?://[^\s<>|\[\]()*`\\]{1,500}")
"""An address as actions give it: a link, whatever signs are in it."""

_MARKUP = frozenset("\\`*_[]<>|~@#")


def _moment(text: str) -> date | datetime | None:
    """Return the day or moment that an ISO text is."""
    if len(text) < 10 or text[4:5] != "-" or not text[:4].isdigit():
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
