"""Recogniser of telephone numbers in the forms of many countries, by Google's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.spans import PHONE, Span

_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9_.,/#€$£-])(?:\+|00)?[ ]?\(?\d[\d\u00a0 ().\-/\u2010-\u2013]{4,20}\d"
    r"(?:[ ,]{0,2}(?:x|ext\.?|#)[ ]?\d{1,6})?(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"(?:phone|tel(?:ephone|efon)?|mobile|cell(?:phone)?|fax|whatsapp|handy|call|ring|text|sms|dial"
    r"|reach|contact|hotline|portable|m(?:ó|o)vil"
    r"|电话|手机|致电|拨打|联系)\W*(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:number|nummer|num(?:é|e)ro|n(?:ú|u)mero)\W*(?:\w+\W+){0,4}$", re.IGNORECASE
)
"""May be a part's as well: fewer than seven digits are not a telephone's then."""

_SHORTEST = 7
_OTHERS = re.compile(
    r"(?:order|invoice|tracking|parcel|account|card|iban|ticket|case|ref(?:erence)?|serial|policy"
    r"|member|ssn|passport|zip|postcode|article|artikel|art|item|model|modell?|part|sku|iso|din|订单|单号|账号|卡号)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_NOT_A_PHONE = re.compile(
    r"\d+\.\d+|(?:19|20)\d{2}[-/. ]\d{1,2}[-/. ]\d{1,2}.*|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}\s?[-\u2013]\s?(?:19|20)\d{2}"
)
_BEFORE = 60
"""Characters before a number that are searched for its kind."""

_REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "PL", "CZ",
    "PT", "IE", "HU", "AU", "NZ", "ZA", "IN", "CN", "JP", "BR", "MX", "IL", "TR", "SI", "EE", "IS",
)  # fmt: skip
"""Regions of numbers without a country code: it must be valid in one of them."""


_COMPARED = 20
"""Most numbers of one text that are validated for all regions, which takes milliseconds each; for
further ones the form is enough."""


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers."""
    for number, match in enumerate(_CANDIDATE.finditer(text)):
        written = match.group().strip()
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        before = text[max(0, start - _BEFORE) : start]
        if _is_phone(written, before, regions=_REGIONS if number < _COMPARED else ()):
            yield Span(start, start + len(written), PHONE)


def load_rules() -> None:
    """Load the rules of all regions in advance; else the first number has to wait for them."""
    import phonenumbers

    phonenumbers.PhoneMetadata.load_all()


def _is_phone(written: str, before: str, *, regions: tuple[str, ...] = _REGIONS) -> bool:
    digits = sum(c.isdecimal() for c in written)
    if not 6 <= digits <= 20 or _NOT_A_PHONE.fullmatch(written) or _OTHERS.search(before):
        return False
    if written.count("(") != written.count(")"):
        return False
    if written.startswith(("+", "00")):
        return digits >= 8 and _keeps_rules(written, ("ZZ", *regions))
    if _SPOKEN_OF.search(before) or (digits >= _SHORTEST and _NUMBER.search(before)):
        return True
    grouped = any(not c.isdecimal() for c in written)
    return grouped and digits >= _SHORTEST and (not regions or _keeps_rules(written, regions))


def _keeps_rules(written: str, regions: tuple[str, ...]) -> bool:
    """Return whether a number is valid in one of some countries."""
    import phonenumbers

    for region in regions:
        try:
            parsed = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if region == "ZZ" or written.startswith("+"):
            return phonenumbers.is_possible_number(parsed)
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
