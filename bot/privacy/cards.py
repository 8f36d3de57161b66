"""Payment cards: numbers and check codes are masked irreversibly before anything is stored.

A number counts as a card number if a network issues numbers with its prefix and length, and its
check digit is right. One number in ten has a right check digit by chance: a wrong mask costs a
question, whereas a stored card number cannot be undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

NUMBER = "[card number]"
CODE = "[check code]"

_ISSUED = (
    # (first, last) beginning, and lengths. Source: ISO/IEC 7812 issuer identification ranges, as
    # the networks publish them.
    ("4", "4", {13, 16, 19}),  # Visa
    ("51", "55", {16}),  # Mastercard
    ("2221", "2720", {16}),  # Mastercard
    ("34", "34", {15}),  # American Express
    ("37", "37", {15}),  # American Express
    ("300", "305", set(range(14, 20))),  # Diners Club
    ("36", "36", set(range(14, 20))),  # Diners Club
    ("38", "39", set(range(14, 20))),  # Diners Club
    ("3528", "3589", set(range(16, 20))),  # JCB
    ("1800", "1800", {15}),  # JCB, the old ones
    ("2131", "2131", {15}),  # JCB, the old ones
    ("6011", "6011", set(range(16, 20))),  # Discover
    ("644", "659", set(range(16, 20))),  # Discover
    ("62", "62", set(range(16, 20))),  # UnionPay
    ("81", "81", set(range(16, 20))),  # UnionPay
    ("2200", "2204", set(range(16, 20))),  # Mir
    ("50", "50", set(range(12, 20))),  # Maestro
    ("56", "58", set(range(12, 20))),  # Maestro
    ("60", "69", set(range(12, 20))),  # Maestro, RuPay and others
)
_SHORTEST, _LONGEST = 12, 19

_WINDOW, _BEYOND = 2_000, 400
"""Characters of one search window for check codes, and characters read beyond it."""

# What people put between the digits of a card, visible or not: anything but letters and digits.
_DIGITS = re.compile(r"\d(?:[\W_]{0,4}\d){11,}")

_EXPIRY = r"(?:\d{1,2}\s*[/.\-]\s*(?:20)?\d{2})"
_AFTER = re.compile(
    rf"(?P<keep>{re.escape(NUMBER)}[\s,;:/|&-]*(?:(?:exp\w*|valid\w*|thru)\W{{0,3}})*"
    rf"(?:{_EXPIRY}[\s,;:/|&-]+)?)(?P<code>\d{{3,4}})(?!\d|\s*[/-]\s*\d)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?P<keep>\b(?:cvv2?|cvc2?|cvn2?|cvd|csc|cid|"
    r"(?:card\s*)?(?:security|verification|check|safety)\s*(?:code|number|digits?)|"
    r"kartenpr(?:ü|ue)f(?:nummer|ziffer)|pr(?:ü|ue)f(?:nummer|ziffer)|sicherheitscode|"
    r"cryptogramme|code\s+de\s+s(?:é|e)curit(?:é|e)|c(?:ó|o)digo\s+de\s+seguridad|"
    r"codice\s+di\s+sicurezza|beveiligingscode|"
    r"(?:digits?|code|number)\s+(?:on|from)\s+(?:the\s+)?(?:back|reverse|front))\b"
    r"|(?:卡?安全码|校验码|检验码|背面三位数?))"
    r"(?P<between>(?:\W|\b(?:is|was|are|ist|war|lautet|es|est|è|number|code|no)\b|是|为){0,12}?)"
    r"(?P<code>\d(?:\s?\d){2,3})(?!\d)",
    re.IGNORECASE,
)


def mask_cards(text: str) -> str:
    """Replace card numbers and check codes in a text.

    Args:
        text: Anything that a person typed.

    Returns:
        The text without them; unchanged when there are none.

    >>> mask_cards("my visa 4111 1111 1111 1111, 12/27, cvv 123 was charged twice")
    'my visa [card number], 12/27, cvv [check code] was charged twice'
    >>> mask_cards("where is order 48213, tracking 4111111111111112")
    'where is order 48213, tracking 4111111111111112'
    """
    kept: list[str] = []
    done = 0
    for start, end in card_places(text):
        kept += [text[done:start], NUMBER]
        done = end
    masked = "".join(kept) + text[done:]
    return _without_codes(_without_codes(masked, _AFTER) if kept else masked, _NAMED)


def _without_codes(text: str, pattern: re.Pattern[str]) -> str:
    """Replace the check codes that a pattern finds, window by window.

    `re` holds the interpreter lock while it searches, so each search must be short.
    """
    kept: list[str] = []
    done = place = 0
    while place < len(text):
        upto = place + _WINDOW
        found = pattern.search(text, place, upto + _BEYOND)
        if found is None or found.start() >= upto:
            place = upto
            continue
        kept += [text[done : found.start("code")], CODE]
        done = place = found.end("code")
    return "".join(kept) + text[done:]


def card_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the card numbers in a text, in order, without overlaps."""
    for match in _DIGITS.finditer(text):
        done = 0
        for start, end in _cards(match.group()):
            if start >= done:
                yield match.start() + start, match.start() + end
                done = end


def _cards(run: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the cards in a run; each begins and ends with a group of digits."""
    places = [place for place, sign in enumerate(run) if sign.isdecimal()]
    digits = "".join(str(int(run[place])) for place in places)
    breaks = {0, len(places)} | {
        number for number in range(1, len(places)) if places[number] > places[number - 1] + 1
    }
    sums = _running_sums(digits)
    for first in sorted(breaks):
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            last = first + length
            if last not in breaks:
                continue
            # The digit before the last is doubled, and every second one from there.
            upto = sums[last % 2]
            if (upto[last] - upto[first]) % 10 == 0 and _is_issued(digits[first:last]):
                yield places[first], places[last - 1] + 1
                break


def _is_issued(digits: str) -> bool:
    """Return whether a network issues numbers of this beginning and length."""
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last
        for first, last, lengths in _ISSUED
    )


def _running_sums(digits: str) -> tuple[list[int], list[int]]:
    """Return the sums up to each digit, with even and with odd places doubled.

    A number is right when its sum, every second digit from the end doubled, ends in 0.
    Source: the Luhn formula, ISO/IEC 7812-1 annex B.
    """
    doubled = [2 * int(digit) // 10 + 2 * int(digit) % 10 for digit in digits]
    plain = [int(digit) for digit in digits]
    even, odd = ([0, *accumulate(_alternate(doubled, plain, parity))] for parity in (0, 1))
    return even, odd


def _alternate(doubled: list[int], plain: list[int], parity: int) -> Iterator[int]:
    for place, pair in enumerate(zip(doubled, plain, strict=True)):
        yield pair[place % 2 != parity]
