"""Tells names of products from names of people: by articles, things and numbers around them."""

from __future__ import annotations

import re
from collections.abc import Collection

_BEFORE = 40
"""Characters before a name that are read."""

_AFTER = 30

_PREFIX, _SUFFIX = 3, 3
"""Fewest letters of the first part of a compound, and of the last one less one."""

_LAST = re.compile(r"(?:^|[^\w'’])(?P<word>[^\W\d_][\w'’-]*\.?)[ \u00a0]\Z")
_NEXT = re.compile(r"[ \u00a0]?(?P<word>[^\W\d_][\w-]*)")
_NUMBER = re.compile(r"[ \u00a0]\d")

_ARTICLES = frozenset(
    ("the", "a", "an", "this", "these", "those", "another", "your", "any", "both", "der", "die",
     "das", "den", "dem", "ein", "eine", "einen", "einem", "einer", "zum", "zur", "vom", "beim",
     "le", "la", "les", "un", "une", "el", "los", "las", "una", "il", "lo", "i", "gli")
)  # fmt: skip
_PLACES = frozenset(
    ("in", "fort", "port", "mount", "lake", "cape", "glen", "loch", "ben", "bad", "mont")
)
"""Before a single name they tell that it is a town's, a mountain's or a colour's."""

_SAINTS = frozenset(("st", "st.", "saint", "sankt", "san", "santa", "sainte", "ste."))


def is_product(text: str, place: tuple[int, int], things: Collection[str], words: int) -> bool:
    """Return whether a name that nothing introduces is that of a product, a place or a saint.

    Args:
        text: The whole text.
        place: Start and end of the name.
        things: Words for what shops sell, in lower case.
        words: How many words the name has.

    >>> text = "Does the Jordan stove fit?"
    >>> is_product(text, (9, 15), {"stove"}, 1), is_product("ask Jordan", (4, 10), {"stove"}, 1)
    (True, False)
    """
    start, end = place
    if text.startswith(("'s", "’s"), end):
        return False
    found = _LAST.search(text, max(start - _BEFORE, 0), start)
    before = found["word"].lower() if found else ""
    following = _NEXT.match(text, end, end + _AFTER)
    after = following["word"].lower() if following else ""
    is_beside = _is_thing(after, things) or _is_thing(before.rstrip("."), things)
    if words > 1:
        if text[start:end].partition(" ")[0].lower() in _PLACES | _SAINTS:
            return True
        return is_beside or text[start:end].rpartition(" ")[2].lower() in things
    return (
        is_beside or before in _ARTICLES | _SAINTS | _PLACES or _NUMBER.match(text, end) is not None
    )


def _is_thing(word: str, things: Collection[str]) -> bool:
    """Return whether a word is one for what shops sell, or ends in one as German compounds do."""
    return word in things or any(word[at:] in things for at in range(_PREFIX, len(word) - _SUFFIX))
