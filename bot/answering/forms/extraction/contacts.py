"""Reads slots of `type: email` and `phone`."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.spec import Refusal, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import locale
from bot.open_form import SlotValue

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
    form: Form[str] = Form(_address)
    reading = choose(slot, said, context, found, form)
    meant = context.asked and "@" in said.text and not found
    return SlotReading(refused="not_an_email") if meant else reading


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield addresses with where they begin; what stands around them is left out."""
    place = 0
    for word in text.split(" "):
        bare = word.strip(_AROUND).rstrip(".").removeprefix("mailto:")
        local, at, domain = bare.rpartition("@")
        if at and len(bare) <= _LONGEST_EMAIL and _is_local(local) and _is_domain(domain):
            yield place + word.index(bare), bare
        place += len(word) + 1


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
    found = list(_phones(slot, said, context))
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
    slot: SlotSpec, said: Answer, context: SlotContext
) -> Iterator[Mention[phonenumbers.PhoneNumber]]:
    """Yield the numbers that are valid in the first region in which any is."""
    for region in _regions(slot, context):
        found = list(
            phonenumbers.PhoneNumberMatcher(said.text, region, phonenumbers.Leniency.VALID, 20)
        )
        if found:
            for match in found:
                start, end = _tokens(said, match.start, match.end)
                if end > start:
                    yield Mention(start, end, (match.number,))
            return


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
