"""Makes any string fit for tokenisers: bounded, encodable, free of invisible characters."""

from __future__ import annotations

import unicodedata

from bot.text.invisible import without_invisible

MAX_CHARACTERS = 2_000
"""What is looked at of a text; 128 tokens are about 600 characters of English."""


def normalise(text: str) -> str:
    r"""Return what the models see of a text; every string has a defined result.

    Full-width and other compatibility forms become their plain ones, white space becomes single
    spaces, controls, direction marks, zero-width characters and lone surrogates vanish.

    >>> normalise("  where\u200b is\tmy \ud800order ")
    'where is my order'
    """
    cut = text[:MAX_CHARACTERS]
    if cut.isascii() and cut.isprintable():  # most texts, in a fiftieth of the time
        return " ".join(cut.split())
    plain = unicodedata.normalize("NFKC", cut)
    return " ".join(without_invisible(plain).split())[:MAX_CHARACTERS]


def unshouted(text: str) -> str:
    """Return a text in small letters when most of its letters are capitals; as long as before.

    A vocabulary that tells capitals from small letters has pieces of few words in capitals. Where
    there is a dotted capital I, the one without a dot becomes small without one, as in Turkish.

    >>> unshouted("SİPARİŞİM KAYIP"), unshouted("DHL oder UPS kommt")
    ('siparişim kayıp', 'DHL oder UPS kommt')
    """
    capitals = sum(map(str.isupper, text))
    if capitals <= sum(map(str.islower, text)):
        return text
    plain = text.replace("I", "ı").replace("İ", "i") if "İ" in text else text
    return plain.lower()


def has_words(text: str) -> bool:
    """Tell whether a text holds anything that could be a word: a letter or a digit, any script.

    >>> has_words("?! 👍"), has_words("退货")
    (False, True)
    """
    return any(c.isalnum() for c in text)
