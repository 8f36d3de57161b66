"""Recogniser of identity, tax and licence numbers, mostly of Britain, the USA and Germany.

Own patterns, since the libraries with check digits for many countries end at the LGPL
(docs/decisions/0002-dependencies.md). Check digits are not required: a mistyped number still
identifies its owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.recognisers.called import called
from bot.privacy.spans import SSN, Span, matches

ID = "NATIONAL_ID"
TAX = "TAX_ID"
LICENCE = "LICENCE_NUMBER"

_TOKEN = r"(?=[A-Z-]{0,12}\d)[A-Z0-9](?:[ -]?(?=[A-Z -]{0,8}\d)[A-Z0-9]){4,17}[A-Z]{0,3}"  # noqa: S105
"""Letters and digits in groups, up to the last digit and letters directly behind it."""

_SSN = called(r"ssn|social(?:[ ]security)?(?:[ ]number)?|itin", r"\d{3}[- .]?\d{2}[- .]?\d{4}")
_NINO = re.compile(
    r"(?<![A-Za-z0-9-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?P<gap>[ -]?)\d{2}(?P=gap)\d{2}(?P=gap)\d{2}(?P=gap)[A-D](?![A-Za-z0-9])"
)
"""Source: HMRC, National Insurance Manual NIM39110."""

_IDS = (
    _NINO,
    called(
        r"ni(?:no)?|national[ ]insurance(?:[ ](?:number|no))?",
        r"[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Z]",
    ),
    called(r"nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}"),
    called(
        r"(?:\w{1,12}[ ])?passport|reisepass(?:nummer)?|passnummer|passeport|pasaporte|passaporto"
        r"|护照|personalausweis(?:nummer)?|ausweis(?:nummer)?|identity[ ]card|id[ ]card"
        r"|carte[ ]d['’]identit(?:é|e)|state[ ]id|student[ ]id|身份证|medicare|green[ ]card"
        r"|visa[ ]number",
        rf"(?:{_TOKEN})",
    ),
    re.compile(
        r"(?<![A-Za-z0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dX](?![A-Za-z0-9])"
    ),
)
_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:DE[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}|ATU[ ]?\d{8}|NL[ ]?\d{9}[ ]?B\d{2}"
    r"|GB[ ]?\d{3}[ ]?\d{4}[ ]?\d{2}(?:[ ]?\d{3})?|FR[ ]?[A-Z0-9]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}"
    r"|ES[ ]?[A-Z0-9]\d{7}[A-Z0-9]|IT[ ]?\d{11}|BE[ ]?[01]\d{9}|PL[ ]?\d{10}|IE[ ]?\d{7}[A-W][A-I]?"
    r"|DK[ ]?\d{8}|SE[ ]?\d{12}|PT[ ]?\d{9}|CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}|FI[ ]?\d{8}"
    r"|CZ[ ]?\d{8,10}|LU[ ]?\d{8}|HU[ ]?\d{8})(?![A-Za-z0-9])"
)
"""Source: the formats that the European Commission's VIES and HMRC publish."""

_TAXES = (
    _VAT,
    called(
        r"vat(?:[ ](?:registration|reg|id))?|ust[-. ]?id(?:[-. ]?(?:nr|nummer))?\.?"
        r"|umsatzsteuer(?:-?id\w{0,30})?|uid|tva(?:[ ]intracommunautaire)?|btw(?:-?id)?|iva"
        r"|p\.?[ ]?iva|partita[ ]iva"
        r"|steuer[- ]?(?:id|nr|nummer|identifikationsnummer|identnummer|identit\w{0,30})\.?"
        r"|steuerliche\w{0,30}"
        r"|tin|tax(?:payer)?[ ](?:id|number|no|reference|ref|identification|code|payer)"
        r"|unique[ ]taxpayer(?:[ ]reference)?|utr|fein|employer[ ]identification|nif|nie|cif|dni"
        r"|codice[ ]fiscale|siren|siret|num(?:é|e)ro[ ]fiscal|bsn|abn|gst|pps|税号|纳税人识别号",
        r"(?:[A-Z]{1,3}[ -]?)?\d(?:[ ./-]?\d){6,13}(?:[ -]?[A-Z](?![A-Z]))?(?:\d{1,2})?"
        r"|[A-Z][ -]?\d{7}[ -]?[A-Z0-9]|NL[ ]?\d{9}B\d{2}|(?=(?:[A-Z]{0,6}\d){6})[A-Z0-9]{11,18}",
    ),
    called(r"(?-i:EIN)|employer[ ]id", r"\d{2}-?\d{7}"),
    called(r"tax[ ]code", r"[SC]?\d{1,4}[LMNT]\d?"),
    re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])"),
    re.compile(
        r"(?<![A-Za-z0-9-])(?:\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z])(?![A-Za-z0-9-])"
    ),
)
_LICENCES = (
    re.compile(
        r"(?<![A-Za-z0-9])[A-Z]{1,5}9{0,4}[ ]?\d[0156]\d[0-3]\d{2}[ ]?"
        r"[A-Z9]{2}\d?[ ]?[A-Z0-9]{2,3}(?![A-Za-z0-9])"
    ),
    called(
        r"(?:driv(?:er['’]?s?|ing)|dl)(?:[ ]licen[cs]e)?|licen[cs]e|licen[cs]e[ ]number|f(?:ü"
        r"|ue)hrerschein(?:nummer)?"
        r"|permis(?:[ ]de[ ]conduire)?|(?:permiso|carnet|licencia)[ ]de[ ]conducir|patente|驾照"
        r"|驾驶证",
        rf"(?:{_TOKEN})",
    ),
    called(
        r"(?:licen[cs]e|number|car|van)[ ](?:plate|reg)s?|plates?|registration(?:[ ]plate)?"
        r"|reg(?:istered)?"
        r"|(?:kfz-?|auto)?kennzeichen|(?:plaque[ ]d['’])?immatriculation|matr(?:í|i)cula|targa"
        r"|车牌号?",
        r"(?-i:[A-ZÄÖÜ]{1,3}[ -]?(?:[A-Z]{1,2}[ -]?)?\d{1,4}(?:[ -]?[A-Z]{1,3})?)"
        r"|[A-Z]{1,2}\d{2,3}[ ]?[A-Z]{1,3}"
        r"|(?!\d+[ ]?(?:cm|mm|kg|ml|in|of|on|to|is|for|and|but|eur"
        r"|pcs)\b)\d{1,4}[ -]?[A-Z]{2,3}(?:[ -]?\d{1,4})?",
    ),
    re.compile(r"[\u4e00-\u9fff][A-Z][·. ]?(?=[A-Z]{0,5}\d)[A-Z0-9]{5,6}(?![A-Za-z0-9])"),
)


def identity_numbers(text: str) -> Iterator[Span]:
    """Yield identity, tax and licence numbers."""
    if any(character.isdecimal() for character in text):
        yield from matches(_SSN, text, SSN)
        for kind, patterns in ((ID, _IDS), (TAX, _TAXES), (LICENCE, _LICENCES)):
            for pattern in patterns:
                yield from matches(pattern, text, kind)
