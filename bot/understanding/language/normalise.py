"""Text normalisation before tokenising: bounded length, encodable, no invisible characters."""

from __future__ import annotations

import unicodedata

from bot.text.invisible import without_invisible

MAX_CHARACTERS = 2_000
"""Longer texts are cut; 128 tokens are about 600 characters of English."""


def normalise(text: str) -> str:
    r"""Return a text as the models see it; defined for every string.

    Applies NFKC, collapses white space to single spaces, and removes control characters,
    direction marks, zero-width characters and lone surrogates.

    >>> normalise("  where\u200b is\tmy \ud800order ")
    'where is my order'
    """
    cut = text[:MAX_CHARACTERS]
    if cut.isascii() and cut.isprintable():  # most texts; 50 times as fast
        return " ".join(cut.split())
    plain = unicodedata.normalize("NFKC", cut)
    return " ".join(without_invisible(plain).split())[:MAX_CHARACTERS]


def unshouted(text: str) -> str:
    """Return a text in lower case if most of its letters are capitals; the length stays the same.

    A cased vocabulary contains few words in capitals. In a text with a dotted capital I, a
    dotless one becomes a dotless lower-case letter, as in Turkish.

    >>> unshouted("SİPARİŞİM KAYIP"), unshouted("DHL oder UPS kommt")
    ('siparişim kayıp', 'DHL oder UPS kommt')
    """
    capitals = sum(map(str.isupper, text))
    if capitals <= sum(map(str.islower, text)):
        return text
    plain = text.replace("I", "ı").replace("İ", "i") if "İ" in text else text
    return plain.lower()


def has_words(text: str) -> bool:
    """Return whether a text contains a letter or a digit of any script.

    >>> has_words("?! 👍"), has_words("退货")
    (False, True)
    """
    return any(c.isalnum() for c in text)
