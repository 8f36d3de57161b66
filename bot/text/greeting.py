"""Greetings at the beginning of a text: found and removed, so that customers are greeted once."""

from __future__ import annotations

from functools import cache

from bot.text.catalogues import cue_words

_WITHOUT_SPACES = frozenset({"hi", "ja", "ko", "th", "zh"})
"""Languages where the next word may follow a greeting at once."""

ADDRESS = 15
"""Characters of what may follow a greeting: "there", "everybody", a name."""

_ENDS_OF_GREETINGS = "!.,;:…~！。，、～—– \n"


def greets(text: str) -> bool:
    """Return whether a text begins with a greeting.

    >>> greets("Hello, and welcome!"), greets("**Hi!**"), greets("您好，欢迎")
    (True, True, True)
    >>> greets("Hiking is fun")
    False
    """
    return _after_greeting(text) is not None


def is_greeting(text: str) -> bool:
    """Return whether a text is a greeting and nothing else, as far as one word tells.

    >>> is_greeting("Hi!"), is_greeting("hello there"), is_greeting("您好")
    (True, True, True)
    >>> is_greeting("hi, where is my order"), is_greeting("hello?"), is_greeting("Hiking")
    (False, False, False)
    """
    rest = _after_greeting(text)
    if rest is None or "?" in rest or "？" in rest:
        return False
    words = rest.split(maxsplit=2)
    said = [word for word in words if any(each.isalnum() for each in word)]
    return len(words) < 3 and len(said) <= 1 and all(len(word) <= ADDRESS for word in said)


def without_greeting(text: str) -> str:
    """Return a text without the greeting at its beginning, if a mark separates it.

    >>> without_greeting("Hi! I'm Robin."), without_greeting("您好!我是 Robin。")
    ("I'm Robin.", '我是 Robin。')
    >>> without_greeting("Hello from Robin."), without_greeting("I'm Robin.")
    ('Hello from Robin.', "I'm Robin.")
    """
    rest = _after_greeting(text)
    if rest is None or not rest or rest[0] not in _ENDS_OF_GREETINGS.replace(" ", ""):
        return text
    rest = rest.lstrip(_ENDS_OF_GREETINGS)
    return rest[:1].upper() + rest[1:]


@cache
def _longest_first() -> list[tuple[str, bool]]:
    """Return all greetings, folded, and whether a letter may follow them."""
    greetings = {
        (word.casefold(), tag in _WITHOUT_SPACES)
        for tag, words in cue_words("greetings").items()
        for word in words
    }
    return sorted(greetings, key=lambda each: (-len(each[0]), each))


def _after_greeting(text: str) -> str | None:
    """Return what follows a greeting; None where there is none."""
    start = next((place for place, each in enumerate(text[:20]) if each.isalpha()), len(text))
    plain = text[start:]
    folded = plain[:40].casefold()
    for greeting, joined in _longest_first():
        if not folded.startswith(greeting):
            continue
        rest = plain[len(greeting) :]
        if joined or not (rest[:1].isalnum() or (rest and rest[0] in "-'’_")):
            return rest
    return None
