"""Reads slots of `type: amount`: 20 €, $5.50, twenty euros fifty, 一百块."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.spec import Refusal, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends, locale, numbered
from bot.open_form import SlotValue

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₺": "TRY", "₹": "INR", "₩": "KRW"}
_BEFORE_DOLLAR = {"r": "BRL", "us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "hk": "HKD"}
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD"})
_HUNDRED, _FEWEST = 100, 10
_WITH_CURRENCY, _PLAIN = 3, 1


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money; an empty currency was not said."""

    start: int
    end: int
    value: Decimal
    currency: str = ""


def read_amount(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the amount of money that an answer says."""
    form: Form[Amount] = Form(
        lambda amount: _written(amount, context),
        lambda amount: _refused(slot, amount),
    )
    mentions = [
        Mention(
            each.start,
            each.end,
            (_in_currency(slot, each),),
            _WITH_CURRENCY if each.currency else _PLAIN,
        )
        for each in _told_apart(said, list(_amounts(said, context.language)), context.language)
        if each.currency or context.asked
    ]
    return choose(slot, said, context, mentions, form)


def _amounts(said: Answer, language: str) -> Iterator[Amount]:
    place = 0
    while place < len(said.tokens):
        found = _amount_at(said, place, language)
        if found is None:
            place += 1
        else:
            yield found
            place = found.end


def _told_apart(said: Answer, found: list[Amount], language: str) -> list[Amount]:
    """Return amounts with the one currency that stands apart from them: "15.20, pounds that is"."""
    if any(each.currency for each in found):
        return found
    codes = {currency_at(said, place, language)[0] for place in range(len(said.tokens))} - {""}
    return (
        [replace(each, currency=code) for each in found for code in codes]
        if len(codes) == 1
        else found
    )


def _amount_at(said: Answer, start: int, language: str) -> Amount | None:
    code, place = currency_at(said, start, language)
    if place >= len(said.tokens):
        return None
    number, end = number_at(said, place, language)
    if number is None or number.ordinal:
        return None
    if code:
        return Amount(start, end, number.value, code)
    code, after = currency_at(said, end, language) if end < len(said.tokens) else ("", end)
    found = Amount(start, after, number.value, code)
    if not (number.digits or code):
        found = _in_two_numbers(said, found, language)
    return _with_hundredths(said, found, language) if code else found


def _in_two_numbers(said: Answer, found: Amount, language: str) -> Amount:
    """Return an amount that is said as two numbers: "thirty four ninety five" is 34.95."""
    second, end = number_at(said, found.end, language)
    if second is None or second.digits or second.ordinal or found.value < _FEWEST:
        return found
    if not _FEWEST <= second.whole < _HUNDRED:
        return found
    code, after = currency_at(said, end, language) if end < len(said.tokens) else ("", end)
    value = found.value + second.value / _HUNDRED
    return Amount(found.start, after, value, code)


def currency_at(said: Answer, start: int, language: str) -> tuple[str, int]:
    """Return the currency that a token or a phrase names, and where it ends."""
    token = said.tokens[start]
    if token.folded in _SIGNS:
        chinese = token.folded == "¥" and language.startswith("zh")
        return "CNY" if chinese else _SIGNS[token.folded], start + 1
    after = said.tokens[start + 1] if start + 1 < len(said.tokens) else None
    if after is not None and after.folded == "$" and after.glued and token.folded in _BEFORE_DOLLAR:
        return _BEFORE_DOLLAR[token.folded], start + 2
    found = numbered("currencies", language).at(said.tokens, start)
    found = found or numbered("currencies", "en").at(said.tokens, start)
    return (found[0].meaning, found[0].end) if found else ("", start)


def _with_hundredths(said: Answer, found: Amount, language: str) -> Amount:
    """Return an amount with what follows its currency: "twenty euros (and) fifty (cents)"."""
    place = found.end
    if place < len(said.tokens):
        place = ends("ands", said, place, language) or place
    number, end = number_at(said, place, language) if place < len(said.tokens) else (None, 0)
    if number is None or not 0 < number.whole < _HUNDRED or found.value != int(found.value):
        return found
    cents = ends("hundredths", said, end, language) if end < len(said.tokens) else 0
    if not cents and (place != found.end or end < len(said.tokens)):
        return found
    return replace(found, end=cents or end, value=found.value + number.value / _HUNDRED)


def _in_currency(slot: SlotSpec, amount: Amount) -> Amount:
    """Return an amount in the slot's currency, where none was said, or another dollar may be."""
    same = amount.currency == "USD" and slot.currency in _DOLLARS
    return replace(amount, currency=slot.currency) if same or not amount.currency else amount


def _refused(slot: SlotSpec, amount: Amount) -> Refusal:
    if slot.currency and amount.currency != slot.currency:
        return "other_currency"
    if amount.value < Decimal(str(slot.min or 0)):
        return "too_small"
    return "too_large" if slot.max is not None and amount.value > Decimal(str(slot.max)) else ""


def _written(amount: Amount, context: SlotContext) -> SlotValue:
    value = f"{amount.value:.2f}"
    if not amount.currency:
        return SlotValue(value, format_decimal(amount.value, locale=locale(context.language)))
    shown = format_currency(amount.value, amount.currency, locale=locale(context.language))
    return SlotValue(f"{value} {amount.currency}", shown)
