"""Reads slots of `type: email` and `phone`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.spec import Refusal, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.spelled import spelled_addresses, with_digits
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import locale
from bot.open_form import SlotValue

_PART = re.compile(r"[^\s\u3400-\u9fff]+")
"""A word, or what stands between ideographs without spaces."""

_IN_LOCAL = frozenset(".!#$%&'*+/=?^_`{|}~-")
_AROUND = "<>()[]{}\"'“”‘’,;:!?，。；：！？、"
_LONGEST_LOCAL, _LONGEST_LABEL = 64, 63
_LONGEST_EMAIL = 254
_FEWEST_DIGITS = 5
"""Digits of a text that means to be a telephone number."""

_REGIONS = {
    "en": ("US", "GB"),
    "zh": ("CN", "TW", "HK"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH", "CA"),
    "es": ("ES", "MX", "AR"),
    "pt": ("BR", "PT"),
    "nl": ("NL", "BE"),
    "ja": ("JP",),
}
"""Regions of numbers without a country code, by language; else the language's own."""


def read_email(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the e-mail address that an answer says; its domain in lower case."""
    found = [
        Mention(*_tokens(said, start, start + len(address)), (address,))
        for start, address in _addresses(said.text)
    ]
    if not found and context.asked:
        found = [
            Mention(*_tokens(said, start, end), (address,))
            for start, end, address in spelled_addresses(said)
            if _is_address(address)
        ]
    form: Form[str] = Form(_address)
    reading = choose(slot, said, context, found, form)
    meant = context.asked and "@" in said.text and not found
    return SlotReading(refused="not_an_email") if meant else reading


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield addresses with where they begin; what stands around them is left out."""
    for part in _PART.finditer(text):
        bare = part[0].strip(_AROUND).rstrip(".").removeprefix("mailto:")
        if _is_address(bare):
            yield part.start() + part[0].index(bare), bare


def _is_address(written: str) -> bool:
    local, at, domain = written.rpartition("@")
    fits = bool(at) and len(written) <= _LONGEST_EMAIL
    return fits and _is_local(local) and _is_domain(domain)


def _is_local(written: str) -> bool:
    if not 0 < len(written) <= _LONGEST_LOCAL or ".." in written or written[0] == ".":
        return False
    return written[-1] != "." and all(c.isalnum() or c in _IN_LOCAL for c in written)


def _is_domain(written: str) -> bool:
    labels = written.split(".")
    return (
        len(labels) > 1
        and labels[-1].isalpha()
        and len(labels[-1]) > 1
        and all(
            0 < len(label) <= _LONGEST_LABEL
            and label.strip("-") == label
            and all(c.isalnum() or c == "-" for c in label)
            for label in labels
        )
    )


def _address(written: str) -> SlotValue:
    local, _, domain = written.rpartition("@")
    address = f"{local}@{domain.lower()}"
    return SlotValue(address, address)


def read_phone(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the telephone number that an answer says, in E.164."""
    found = list(_phones(slot, said, context, phonenumbers.Leniency.VALID))
    if not found and context.asked:
        said = with_digits(said, context.language)
        found = list(_phones(slot, said, context, phonenumbers.Leniency.VALID))
        found = found or list(_phones(slot, said, context, phonenumbers.Leniency.POSSIBLE))
    form: Form[phonenumbers.PhoneNumber] = Form(
        lambda number: SlotValue(
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        )
    )
    reading = choose(slot, said, context, found, form)
    digits = sum(map(str.isdecimal, said.text))
    refused: Refusal = "not_a_phone_number"
    meant = context.asked and not found and digits >= _FEWEST_DIGITS
    return SlotReading(refused=refused) if meant else reading


def _phones(
    slot: SlotSpec, said: Answer, context: SlotContext, leniency: int
) -> Iterator[Mention[phonenumbers.PhoneNumber]]:
    """Yield the numbers that are valid, or possible, in the first region in which any is."""
    for region in _regions(slot, context):
        matcher = phonenumbers.PhoneNumberMatcher(said.text, region, leniency, 20)
        found = [each for each in matcher if _is_complete(each)]
        if found:
            for match in found:
                start, end = _tokens(said, match.start, match.end)
                if end > start:
                    yield Mention(start, end, (match.number,))
            return


def _is_complete(match: phonenumbers.PhoneNumberMatch) -> bool:
    """Return whether a number has its country code, or that of an area, which begins with 0."""
    if phonenumbers.is_valid_number(match.number):
        return True
    reason = phonenumbers.is_possible_number_with_reason(match.number)
    digits = "".join(filter(str.isdecimal, match.raw_string))
    written = match.raw_string.lstrip("( ").startswith("+") or digits.startswith("0")
    return written and reason == phonenumbers.ValidationResult.IS_POSSIBLE


def _regions(slot: SlotSpec, context: SlotContext) -> tuple[str, ...]:
    told = locale(context.language).territory
    own = _REGIONS.get(context.language.partition("-")[0])
    by_language = own or (context.language.partition("-")[0].upper(),)
    return tuple(dict.fromkeys(each for each in (slot.region, told, *by_language) if each))


def _tokens(said: Answer, start: int, end: int) -> tuple[int, int]:
    """Return the tokens of a part of the text."""
    inside = [
        place for place, token in enumerate(said.tokens) if token.start < end and token.end > start
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
