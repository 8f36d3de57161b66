"""Finds codes in what customers write."""

from __future__ import annotations

import re
import unicodedata

from bot.answering.forms.extraction.spelled import with_digits
from bot.answering.forms.extraction.tokens import answer
from bot.text.invisible import is_invisible
from bot.text.phrases import begins_with

READ = 4_000
"""Characters of a message that are read."""

MOST = 3
"""Codes of one message that are tried."""

_CODES = re.compile(
    r"(?<![0-9])(?:[0-9]{6}|[0-9]{3}[ -][0-9]{3})(?![0-9])"
    r"|(?<![0-9])(?<![0-9][ -])"
    r"(?:[0-9]{2}(?:[ -][0-9]{2}){2}|[0-9](?:[ -][0-9]){5})(?![ -]?[0-9])"
)
"""A code as it is copied, or in parts of one length, as people write and dictate it."""

_SHORTEST, _LONGEST = 6, 64
"""Characters of a code by which an account is linked."""


def codes_in(text: str, language: str = "en") -> tuple[str, ...]:
    """Return what may be one-time codes, in the order of the text, each once.

    Args:
        text: Digits, or words for digits.
        language: BCP 47 tag of the words; English ones are read as well.

    >>> codes_in("it says ４８３ 920, order 48213"), codes_in("the code is 483920483920")
    (('483920',), ())
    >>> codes_in("vier acht drei neun zwei null", "de"), codes_in("4 8 3 9 2 0"), codes_in("1 2 3")
    (('483920',), ('483920',), ())
    """
    said = answer(_plain(text))
    for tag in dict.fromkeys((language, "en")):
        said = with_digits(said, tag)
    found = ("".join(filter(str.isdigit, match)) for match in _CODES.findall(said.text))
    return tuple(dict.fromkeys(found))[:MOST]


def link_code_in(text: str) -> str:
    """Return the code of a message by which somebody links an account; empty: it is none.

    >>> link_code_in("link 7KQ2-M9XD please"), link_code_in("link my account")
    ('7KQ2-M9XD', '')
    >>> link_code_in("link SHOP-ABCDEFGH"), link_code_in("link my shop-account")
    ('SHOP-ABCDEFGH', '')
    """
    return next(filter(_is_link_code, _plain(text).split()), "") if begins_link(text) else ""


def bare_code(text: str) -> str:
    """Return a text that is a code for linking and nothing else; empty: it is more.

    >>> bare_code(" 7KQ2-M9XD "), bare_code("where is it")
    ('7KQ2-M9XD', '')
    """
    words = _plain(text).split()
    return words[0] if len(words) == 1 and _is_link_code(words[0]) else ""


def begins_link(text: str) -> bool:
    """Return whether a text begins with a word by which accounts are linked."""
    return begins_with(_plain(text).removeprefix("/"), "link_account")


def _is_link_code(word: str) -> bool:
    """Return whether a word may be a code: letters, digits, hyphens, and unlike other words.

    Unlike them are those with digits, and capitals with a hyphen: a random code may have no digit.
    """
    return (
        _SHORTEST <= len(word) <= _LONGEST
        and word.isascii()
        and word.replace("-", "").isalnum()
        and (any(sign.isdigit() for sign in word) or ("-" in word and word.isupper()))
    )


def _plain(text: str) -> str:
    """Return a text in usual digits and letters, without what nobody sees."""
    seen = "".join(sign for sign in text[:READ] if not is_invisible(sign))
    return "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", seen)).strip("`*_ \n\t.")


def _digit(sign: str) -> str:
    return str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
