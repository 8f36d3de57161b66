"""What recognises personal data, kind by kind. A new kind is a function in this row."""

from bot.privacy.recognisers.addresses import addresses
from bot.privacy.recognisers.contacts import contacts
from bot.privacy.recognisers.names import names
from bot.privacy.recognisers.numbers import numbers
from bot.privacy.recognisers.phones import phones
from bot.privacy.recognisers.tokens import tokens
from bot.privacy.spans import Recogniser

RECOGNISERS: tuple[Recogniser, ...] = (contacts, tokens, numbers, phones, addresses, names)

__all__ = ["RECOGNISERS"]
