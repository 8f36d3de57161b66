"""What currencies are worth, roughly: enough to read a budget in another one.

A catalogue may say it exactly (`rates:`). These are rough values set by hand, from no published
table: whoever takes budgets in other currencies should write their own.
"""

from __future__ import annotations

_EUR = {
    "EUR": 1.0,
    "USD": 0.86,
    "GBP": 1.1,
    "CHF": 1.1,
    "CNY": 0.12,
    "JPY": 0.0055,
    "PLN": 0.24,
    "TRY": 0.02,
    "BRL": 0.16,
    "CAD": 0.62,
    "AUD": 0.56,
    "SEK": 0.091,
    "NOK": 0.085,
    "DKK": 0.13,
}
"""Euros for one unit."""


def rough_rate(currency: str, to: str) -> float | None:
    """Return what a unit of a currency is worth in another one; None where it is not known.

    >>> rough_rate("CNY", "EUR")
    0.12
    """
    if currency not in _EUR or to not in _EUR:
        return None
    return _EUR[currency] / _EUR[to]
