"""Gazetteer of personal names: the lists that Faker ships for some forty countries."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.text.word_lists import word_list

_COUNTRIES = (
    "en_US", "en_GB", "en_IE", "en_IN", "en_NZ", "en_NG", "en_KE", "de_DE", "de_AT", "de_CH",
    "fr_FR", "fr_CA", "fr_BE", "es_ES", "es_MX", "es_AR", "it_IT", "pt_PT", "pt_BR", "nl_NL",
    "nl_BE", "da_DK", "sv_SE", "no_NO", "fi_FI", "is_IS", "pl_PL", "cs_CZ", "sk_SK", "sl_SI",
    "hr_HR", "hu_HU", "ro_RO", "lt_LT", "lv_LV", "et_EE", "tr_TR", "id_ID", "vi_VN", "yo_NG",
    "ig_NG", "ha_NG", "tw_GH", "zu_ZA", "en_PK", "en_TH", "fr_DZ", "az_AZ", "es_CL", "es_CO",
    "ga_IE", "de_LI", "de_LU", "es_CA", "uz_UZ", "ja_JP", "sw",
)  # fmt: skip

_FIRST = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary",
          "first_romanized_names")  # fmt: skip
_LAST = ("last_names", "last_names_male", "last_names_female", "last_romanized_names")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names in lower case.

    Attributes:
        first: Given names.
        last: Family names.
        chinese: Chinese family names, of one or two ideographs.
        common_words: Names that usually mean something else.
        not_names: Words that are never part of a name, where one could occur.
        things: What shops sell.
    """

    first: frozenset[str]
    last: frozenset[str]
    chinese: frozenset[str]
    common_words: frozenset[str]
    not_names: frozenset[str]
    things: frozenset[str]

    def is_first(self, word: str) -> bool:
        """Return whether a word, in lower case, is a given name and usually nothing else."""
        return word in self.first and word not in self.common_words and len(word) > 2

    def is_unusual(self, word: str) -> bool:
        """Return whether a word, in lower case, is none of the ordinary words of four languages."""
        if len(word) < 3 or word in self.not_names or word in self.things:
            return False
        lists = (word_list(language) for language in _ORDINARY)
        return all(words is None or words.frequency(word) is None for words in lists)

    def is_family(self, word: str) -> bool:
        """Return whether a word, in lower case, is a family name or ends like one."""
        if word in self.last:
            return True
        return len(word) <= _LONGEST and _FAMILY.fullmatch(word) is not None


_ORDINARY = ("en", "de", "fr", "es")

_LONGEST = 40
"""Letters of a family name."""

_HAN = "\u4e00"
"""The first ideograph."""

_FAMILY = re.compile(
    r"[^\W\d_]{2,}(?:sson|sen|dóttir|dottir|[^\W\d_o][eo]v(?:á|a)?|sk(?:i|a|á|ý|y|yi|aya)|wicz"
    r"|czyk|vi(?:ć|c|ch)|enko|chuk"
    r"|escu|oğlu|oglu|poulos|idis|stein|berg|mann|feldt?|hoven|qvist|ström|strom|lund|gaard|bauer"
    r"|meyer|maier|schmidt|ez|inen|etti|ucci)"
)
"""Endings of family names in many countries."""


@cache
def gazetteer() -> Gazetteer:
    """Return the names; loaded at the first call, in some tenths of a second."""
    return Gazetteer(
        frozenset(name for country in _COUNTRIES for name in _listed(country, _FIRST)),
        frozenset(name for country in _COUNTRIES for name in _listed(country, _LAST)),
        frozenset(_listed("zh_CN", _LAST)),
        _words("common_words.txt"),
        _words("not_names.txt"),
        _words("product_words.txt"),
    )


def _listed(country: str, lists: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of some lists of a country; a name of two words counts for each."""
    provider = importlib.import_module(f"faker.providers.person.{country}").Provider
    for attribute in lists:
        names = getattr(provider, attribute, ())
        parts = " ".join(map(str, names)).lower().split() if isinstance(names, Iterable) else ()
        yield from (part for part in parts if len(part) > 1 or part >= _HAN)


def _words(file: str) -> frozenset[str]:
    """Read a word list of ours; lines that begin with # are comments."""
    text = files("bot.privacy.recognisers").joinpath(file).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
