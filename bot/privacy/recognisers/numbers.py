"""Recogniser of numbers that identify a person or a purchase: cards, accounts, orders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.cards import card_places
from bot.privacy.spans import CARD, IBAN, ORDER, SSN, Span, matches

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[ -]?\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
    "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
    "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
    "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
    "TN": 24, "TR": 26, "UA": 29, "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an account number by country. Source: SWIFT's IBAN registry."""

_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34

_CALLED_CARD = re.compile(
    r"\b(?:card|visa|mastercard|amex|maestro|discover|diners|kreditkarte|karte|carte|tarjeta)\b"
    r"\W*(?:(?:number|no|nr|num|ending|is|was|#)\b\W*){0,3}"
    r"(?P<it>\d(?:[ .-]?\d){11,18})(?!\d)",
    re.IGNORECASE,
)
_CALLED_IBAN = re.compile(
    r"\biban\b\W*(?:(?:number|no|nr|is|lautet|ist)\b\W*){0,2}"
    r"(?P<it>(?-i:[A-Z]{2})[ -]?\d{2}(?:[ -]?(?-i:[A-Z0-9]{4})){2,7}(?:[ -]?(?-i:[A-Z0-9]{1,3}))?)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""Cards and accounts by their names, also with a mistyped digit: they still identify the payer."""

_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")

_WORDS = (
    r"orders?|invoice|receipt|tracking|parcel|shipment|package|customer|client|account|reference"
    r"|ref|ticket|case|booking|reservation|member(?:ship)?|policy|serial|contract|return|rma"
    r"|transaction|licen[cs]e|passport"
    r"|bestell(?:ung|nummer)|auftrag(?:snummer)?|rechnung(?:snummer)?|kundennummer"
    r"|sendung(?:snummer)?"
    r"|commande|facture|colis|pedido|factura|ordine|fattura"
)
_NUMBERED = re.compile(
    rf"\b(?:{_WORDS})\b(?:\s*(?:number|no|nr|num|id|code|nummer|num(?:é|e)ro|n(?:ú|u)mero)\b\.?)?"
    r"\s*(?:is|was|ist|est|es"
    r"|[:#№=(])*\s*#?(?P<it>(?=[A-Za-z-]*\d)[A-Za-z0-9][A-Za-z0-9-]{3,30}\b)",
    re.IGNORECASE,
)
_HASH = re.compile(r"(?<![\w&])#(?P<it>(?=[A-Za-z-]*\d)[A-Za-z0-9-]{4,30}\b)")
_CHINESE = re.compile(
    r"(?:订单|单号|运单|快递|发票|会员|客户|账号|帐号|编号)(?:号码?|编号)?\s*(?:是|为|[:：#])*\s*"
    r"(?P<it>(?=[A-Za-z-]*\d)[A-Za-z0-9-]{4,30})"
)
_LONG = re.compile(r"(?<![A-Za-z0-9_.,€$£¥-])\d{6,20}(?![A-Za-z0-9_%€]|[.,]\d)")


def numbers(text: str) -> Iterator[Span]:
    """Yield cards, bank accounts, social security numbers, and numbers of orders and the like."""
    if not any(character.isdecimal() for character in text):
        return
    yield from (Span(start, end, CARD) for start, end in card_places(text))
    yield from matches(_CALLED_CARD, text, CARD)
    yield from matches(_CALLED_IBAN, text, IBAN)
    yield from (s for s in matches(_IBAN, text, IBAN) if is_iban(text[s.start : s.end]))
    yield from matches(_SSN, text, SSN)
    for pattern in (_NUMBERED, _HASH, _CHINESE, _LONG):
        yield from matches(pattern, text, ORDER)


def is_iban(written: str) -> bool:
    """Return whether letters and digits are an International Bank Account Number.

    Implemented here, since no library for it is free of dependencies without a permissive licence.

    Source: ISO 13616, check digits after ISO 7064 modulo 97-10.

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("XX88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = "".join(c for c in written.upper() if c.isalnum())
    if not _SHORTEST_IBAN <= len(plain) <= _LONGEST_IBAN or not plain.isascii():
        return False
    if _LENGTHS.get(written[:2]) == len(plain):
        return True  # with a mistyped digit it still identifies the payer
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
