"""Recogniser of dates of birth: dates beside a word for birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.recognisers.called import called
from bot.privacy.spans import Span, matches

BIRTH_DATE = "BIRTH_DATE"

_MONTH = (
    r"(?:jan(?:uary|uar|vier|eiro)?|jänner|ene(?:ro)?|gennaio|feb(?:ruary|ruar|rero|braio)?"
    r"|f(?:é|e)v(?:rier|ereiro)?|mar(?:ch|s|zo|ço)?|märz|mrz|maart|apr(?:il|ile)?|avr(?:il)?"
    r"|abr(?:il)?|may|mai|mayo|maio|maggio|mei|june?|juni|juin|junio|junho|giugno|july?|juli"
    r"|juil(?:let)?|julio|julho|luglio|aug(?:ust|ustus)?|ago(?:sto)?|ao(?:û|u)t"
    r"|sep(?:t|tember|tembre|tiembre)?|settembre|setembro|o[ck]t(?:ober|obre|ubre)?|ottobre"
    r"|outubro|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embre|embro)?"
    r"|d(?:é|e)c(?:embre)?|dic(?:iembre|embre)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.|º)?"
_YEAR = r"(?:(?:19|20)\d{2})"
_DATE = (
    rf"(?:{_YEAR}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}日?"
    rf"|\d{{1,2}}\s?[-/. ]\s?\d{{1,2}}\s?[-/. ]\s?(?:{_YEAR}|\d{{2}})"
    rf"|{_DAY}[ -](?:(?:of|de|del)[ ])?{_MONTH}(?:[ ](?:de|del|of))?(?:,?[ -]{{1,2}}(?:{_YEAR}"
    rf"|['’]?\d{{2}}))?"
    rf"|{_MONTH}[ ]{_DAY}(?:,?[ ](?:{_YEAR}|['’]\d{{2}}))?|(?:19|20)\d{{6}}|{_MONTH}[ ]{_YEAR}"
    rf"|\d{{1,2}}月\d{{1,2}}日)"
)
_WORDS = (
    r"born|birth[ -]?day|birth[ -]?date|date[ ]of[ ]birth|year[ ]of[ ]birth|d\.?o\.?b\.?|bday"
    r"|geburtstag|geburtsdatum|geburtsjahr|geboren|geb\.-?datum|geb\.|jahrgang|n(?:é|e)e?|naissance"
    r"|anniversaire|nac(?:í|i)|nacid[oa]|nacimiento|cumplea(?:ñ|n)os|nascita|nat[oa]|nascimento"
    r"|nascid[oa]|compleanno|geboortedatum|生日|出生(?:日期|年月日?)?|生于|生日期"
)
_BETWEEN = r"(?:(?:on|in|at|am|im|den|il|em|at|dd|mm|yyyy|date|datum|falls|since|ich|bin)\b|[:/])"
_BORN = called(rf"(?:{_WORDS})(?![a-z])(?:\s{{0,2}}{_BETWEEN}){{0,4}}", _DATE)
_YEAR_BORN = called(rf"(?:{_WORDS})(?![a-z])(?:\s{{0,2}}{_BETWEEN}){{0,2}}", rf"{_YEAR}")
_BORN_BEHIND = re.compile(
    rf"(?<![A-Za-z0-9.,-])(?P<it>{_DATE})\s?(?:is\smy\sbirthday|出生|生的?|geboren|born"
    rf"|is\smy\s(?:d\.?o\.?b"
    r"|date\sof\sbirth)|\((?:d\.?o\.?b|born|birth))",
    re.IGNORECASE,
)


def birth_dates(text: str) -> Iterator[Span]:
    """Yield dates of birth; the year alone as well, where nothing else is given."""
    if any(character.isdecimal() for character in text):
        for pattern in (_BORN, _YEAR_BORN, _BORN_BEHIND):
            yield from matches(pattern, text, BIRTH_DATE)
