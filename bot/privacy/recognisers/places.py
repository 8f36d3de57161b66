"""What follows a street in an address: unit, house number, town, region, country, postcode."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from functools import cache

_STEPS = 10
"""Most parts that may follow a street."""

_GAP = re.compile(r"[ \t]{0,4}(?:[,;|][ \t]{0,4})?(?:\n[ \t>?*|]{0,8}(?:,[ \t]{0,4})?){0,3}")
"""What stands between two parts: spaces, a comma, an end of line with the marks of a quotation."""

_UNIT = re.compile(
    r"(?:apt|apartment|suite|ste|unit|flat|room|rm|floor|fl|building|bldg|#|whg|wohnung|top|app"
    r"|stiege|appartamento|interno|scala|piano|piso|puerta|esc|edif|depto|int|apto|bl|sc|ap|et|lok"
    r"|bus|m)\b\.?[ ]?#?[ ]?[a-z]{0,2}\d{1,5}[a-z]?\b|box[ ]\d{1,6}\b|\([a-z]{2}\)|/[ ][a-z]{2}\b"
    r"|\d{1,2}[ ]?\.?[ºª°](?:[ ](?:[a-z]|izq|izda?|dcha?|dx|sx|int)\b\.?)?"
    r"|\d{1,2}\.[ ]?(?:stock|og|eg|etage|obergeschoss|piso|piano)\b"
    r"|(?:b(?:â|a)t|b(?:â|a)timent|esc|escalier|tür|haus)\b\.?[ ][a-z0-9]{1,3}\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\d{1,5}(?:[-/]\d{1,4})?[A-Za-z]?\.?(?![\w%€$£]|[.,:]\d|[ ]+[a-z]{2})")
POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d|[A-Z]\d[\dW][ ]?[A-Z\d]{4}"
    r"|\d{2}-\d{3}|\d{3}[ ]\d{2}|(?:[A-Z]{1,2}-)?\d{4,8}(?:-\d{3,4})?(?:[ ]?[A-Z]{2}(?!\w))?)"
)
_CODE = re.compile(rf"{POSTCODE}(?!\w)", re.IGNORECASE)
_SHORT = re.compile(
    r"(?!(?:and|und|for|the|per|der|die|das|or|by|at|to|of|in|on|is|it|my|et|y)\b)"
    rf"(?:[A-Z]{{2,3}}|[a-z]{{2,3}}|\d{{1,3}})(?:[ ]|,?[ ]?\n[ >?,]{{0,6}})[ ]?(?={POSTCODE}(?!\w))"
    r"|(?:APO|FPO|DPO)[ ,]{1,2}A[AEP]\b|[A-Z]{2}(?=[ ]*(?:[\n,.?!)]|$))",
    re.IGNORECASE,
)
"""A region's abbreviation or number, directly before a postcode or at the end of a line."""

_PARTS = (_UNIT, _CODE, _SHORT, _HOUSE)
_AFTER_CODE = (_UNIT,)
"""An address has one postcode, and no house number behind it."""

_JOINING = (
    r"(?:[ -](?:de|del|della|di|da|do|dos|la|le|les|am|an|der|den|im|of|upon|on|sur|nad|y)){0,2}"
)
_LETTERS = r"(?:[^\W\d_]|['’-])"
_TOWN = re.compile(
    r"(?:(?:St|Ste|Ft|Mt)\.[ ])?"
    rf"[^\W\d_a-z]{_LETTERS}{{1,30}}(?:{_JOINING}[ ][^\W\d_a-z]{_LETTERS}{{0,30}}"
    r"(?!\w)){0,3}(?!\w)"
)
_LOWER_TOWN = re.compile(
    r"[a-zà-ÿ][\w'’-]{2,30}(?:[ ][a-zà-ÿ][\w'’-]{1,30}){0,2}(?=[ ]?(?:[,.?!;\n]|$)"
    r"|[ ][a-z]{2}[ ]\d{5}\b)"
)
_LOWER_WORDS = re.compile(r"[a-zà-ÿ][\w'’-]{1,30}")
_CLOSED = re.compile(r"[ ]*(?:[,.?!;)\n]|$|\d{4})")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")

_NOT_TOWNS = frozenset(
    """please pls plz thanks thank thx bitte danke merci gracias can could is it its my i i'm the
    and or but so phone tel mobile fax email mail order name kind best regards cheers hi hello not
    no yes ok okay never always still was has have came arrived went to from of per for
    right correct instead today tomorrow now asap svp das der die mein meine danke und oder attn
    which what when where why how we you he she they if as for with in on at by do does did will
    would since because desk personal""".split()  # noqa: SIM905 - 100 words read better as a text
)
"""What a sentence goes on with behind an address."""


def address_end(text: str, start: int, end: int) -> int:
    """Return where an address ends whose street was found: with unit, town, region and postcode.

    Args:
        text: The whole text.
        start: Place of the street's first character.
        end: Place after its last one.
    """
    is_lower = text[start:end].islower()
    is_coded = text[max(end - 5, start) : end].isdecimal()  # as behind a military box
    for _ in range(_STEPS):
        gap = _GAP.match(text, end)
        place = gap.end() if gap else end
        if place == end and text[end - 1].isalnum():
            break
        forms = _AFTER_CODE if is_coded else _PARTS
        after = _part_end(text, end, place, forms, is_lower=is_lower)
        if after is None and is_coded:
            town = (_LOWER_WORDS if is_lower else _TOWN).match(text, place)
            after = town.end() if town and _first(town.group()) not in _NOT_TOWNS else None
        if after is None:
            break
        is_coded = _CODE.fullmatch(text, place, after) is not None
        end = after
    return end


def _part_end(
    text: str, end: int, place: int, forms: Sequence[re.Pattern[str]], *, is_lower: bool
) -> int | None:
    """Return where the next part of an address ends; None when none begins at the place."""
    for form in forms:
        if form is _HOUSE and text[end:place].strip(" "):
            continue
        found = form.match(text, place)
        if found:
            return found.end()
    return _region_end(text, place) or _town_end(text, end, place, is_lower=is_lower)


def _region_end(text: str, place: int) -> int | None:
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, place, place + 60):
        if len(words) == 4 or text[words[-1].end() if words else place : word.start()].strip(" "):
            break
        words.append(word)
    for count in range(len(words), 0, -1):
        written = " ".join(word.group().lower() for word in words[:count])
        if written in regions():
            return words[count - 1].end()
    return None


def _town_end(text: str, end: int, place: int, *, is_lower: bool) -> int | None:
    between = text[end:place]
    is_apart = "," in between or "\n" in between
    town = (_LOWER_TOWN if is_lower and "," in between else _TOWN).match(text, place)
    if is_lower and town is None and is_apart:
        town = _LOWER_TOWN.match(text, place)
    if town is None or _first(town.group()) in _NOT_TOWNS:
        return None
    if "," in between or _CLOSED.match(text, town.end()) or _CODE.match(text, town.end() + 1):
        return town.end()
    known = _region_end(text, town.end() + 1)
    return known if known and not is_apart else None


def _first(written: str) -> str:
    return written.partition(" ")[0].lower().rstrip(".,")


@cache
def regions() -> frozenset[str]:
    """Return countries and their states, in lower case; loaded at the first call.

    Source: the countries of Unicode's CLDR (Babel), the states and counties that Faker lists.
    """
    return frozenset(name.lower() for name in (*_countries(), *_states(), *_OTHERS))


_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_OTHERS = ("usa", "u.s.a.", "uk", "u.k.", "england", "scotland", "wales", "america", "holland")
_STATES = {
    "en_US": ("states",),
    "en_CA": ("provinces",),
    "en_AU": ("states",),
    "en_GB": ("counties",),
    "de_DE": ("states",),
    "de_AT": ("states",),
    "fr_FR": ("regions",),
    "es_ES": ("regions", "states"),
    "pt_BR": ("estados",),
    "it_IT": ("states",),
    "pl_PL": ("regions",),
}


def _countries() -> Iterator[str]:
    from babel import Locale

    for language in _LANGUAGES:
        territories = Locale(language).territories
        yield from (name for code, name in territories.items() if code.isalpha())


def _states() -> Iterator[str]:
    for country, lists in _STATES.items():
        provider = importlib.import_module(f"faker.providers.address.{country}").Provider
        for attribute in lists:
            for name in getattr(provider, attribute, ()):
                yield name[1] if isinstance(name, tuple) else str(name)
