"""The kinds of personal data: what recognises each, its placeholder, which one wins an overlap.

A new kind is a function that finds it, and one row of `KINDS`: nothing else lists the kinds.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy.recognisers.addresses import addresses
from bot.privacy.recognisers.birth_dates import BIRTH_DATE, birth_dates
from bot.privacy.recognisers.contacts import contacts
from bot.privacy.recognisers.handles import HANDLE, handles
from bot.privacy.recognisers.identity import ID, LICENCE, TAX, identity_numbers
from bot.privacy.recognisers.names import names
from bot.privacy.recognisers.numbers import numbers
from bot.privacy.recognisers.phones import phones
from bot.privacy.recognisers.postcodes import POSTCODE, postcodes
from bot.privacy.recognisers.tokens import tokens
from bot.privacy.spans import (
    ADDRESS,
    CARD,
    EMAIL,
    IBAN,
    IP,
    ORDER,
    PERSON,
    PHONE,
    SECRET,
    SSN,
    URL,
    Recogniser,
)


@dataclass(frozen=True, slots=True)
class DataKind:
    """A kind of personal data.

    Attributes:
        name: The type of its spans.
        label: Beginning of its placeholders: `EMAIL` in `[EMAIL_1]`; capital letters only.
        warning: What `frontdesk check` calls one in an example, with an article; empty where an
            example may hold one.
        recogniser: Finds it; one recogniser may find several kinds.
    """

    name: str
    label: str
    warning: str
    recogniser: Recogniser


KINDS: tuple[DataKind, ...] = (
    DataKind(SECRET, "SECRET", "a password or key", tokens),
    DataKind(URL, "LINK", "a link that carries a name or key", contacts),
    DataKind(EMAIL, "EMAIL", "an email address", contacts),
    DataKind(IBAN, "IBAN", "an IBAN", numbers),
    DataKind(CARD, "CARD", "a card number", numbers),
    DataKind(IP, "IP", "an IP address", contacts),
    DataKind(SSN, "SSN", "a social security number", numbers),
    DataKind(BIRTH_DATE, "BIRTHDATE", "a date of birth", birth_dates),
    DataKind(ID, "ID", "a number of a passport or the like", identity_numbers),
    DataKind(TAX, "TAXID", "a tax number", identity_numbers),
    DataKind(LICENCE, "LICENCE", "a number of a driving licence or plate", identity_numbers),
    DataKind(ADDRESS, "ADDRESS", "a street address", addresses),
    DataKind(POSTCODE, "POSTCODE", "", postcodes),  # a whole town's, and worth learning
    DataKind(HANDLE, "HANDLE", "a name on another platform", handles),
    DataKind(PHONE, "PHONE", "a phone number", phones),
    DataKind(
        ORDER, "NUMBER", "", numbers
    ),  # identifies nobody to a stranger, and is worth learning
    DataKind(PERSON, "PERSON", "a person's name", names),
)
"""All kinds, the strongest first: where spans of two kinds overlap, the earlier kind is kept."""
