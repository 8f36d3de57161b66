"""Recogniser of postcodes: of forms that nothing else has, and of numbers that are called so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.recognisers.called import called
from bot.privacy.spans import Span, matches

POSTCODE = "POSTCODE"

_AREAS = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]"
    r"|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?"
    r"|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)"
)
"""Areas of British postcodes. Source: ONS Postcode Directory."""

_BRITISH = re.compile(
    rf"(?<![A-Za-z0-9£$€-]){_AREAS}\d[\dA-HJKPSTUW]?(?:[ ]\d[ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])"
    r"|(?-i:(?<=[A-Z0-9])\d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])))",
    re.IGNORECASE,
)
_IRISH = re.compile(
    r"(?<![A-Za-z0-9])(?:[ACDEFHKNPRTVWXY]\d{2}"
    r"|D6W)[ ]?(?=[A-Z]{0,3}\d)[0-9AC-FHKNPRTV-Y]{4}(?![A-Za-z0-9])"
)
_CANADIAN = re.compile(
    r"(?<![A-Za-z0-9-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ ]\d[ABCEGHJ-NPRSTV-Z]\d"
    r"(?![A-Za-z0-9-])",
    re.IGNORECASE,
)
_ZIP_PLUS = re.compile(r"(?<![\w.,/-])\d{5}-\d{4}(?![\w-])")
_STATE_ZIP = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY])[ ](?P<it>\d{5})(?![\w%€$£]|[.,]\d)"
)
_WITH_TOWN = re.compile(
    r"(?:\b(?:nach|in|aus|bei|to|from|à|a|en|vers|near|PLZ)[ ])(?P<it>(?:[A-Z]{1,2}-)?\d{4,5})"
    r"[ ](?=[A-ZÄÖÜÉ][a-zäöüßéèêñ-]{2,})(?!(?:Euro|EUR|Stück|Meter|Gramm|Uhr|Schritte?|Tage)\b)"
)
_CALLED = called(
    r"zip(?:[ ]?\+[ ]?4)?(?:[ -]?code)?|post[ -]?codes?|postal[ ]code|eircode|plz|postleitzahl"
    r"|code[ ]postal|c(?:ó|o)digo[ ]postal|c\.?p\.?|cep|pin[ ]?code|邮政编码|邮编",
    r"[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d|[A-Z]\d[\dW][ ]?[A-Z\d]{4}"
    r"|\d{2}-\d{3}|\d{3}[ ]\d{2}|(?:[A-Z]{1,2}-)?\d{4,8}(?:-\d{3,4})?(?:[ ]?(?-i:[A-Z]{2}))?",
)
_ITALIAN = called(r"cap", r"\d{5}")
_FORMS = (_BRITISH, _IRISH, _CANADIAN, _ZIP_PLUS, _STATE_ZIP, _WITH_TOWN, _CALLED, _ITALIAN)


def postcodes(text: str) -> Iterator[Span]:
    """Yield postcodes."""
    if any(character.isdecimal() for character in text):
        for pattern in _FORMS:
            yield from matches(pattern, text, POSTCODE)
