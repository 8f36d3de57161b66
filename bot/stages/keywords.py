"""Words of config that call a person, whatever else a message says."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Iterator, Sequence

from bot.messages import Part, Received
from bot.responder import Turn
from bot.text.invisible import is_invisible

_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts in which words are written without spaces, as names of characters begin."""


class ReadKeywords:
    """Lets words of config call a person; the message is answered all the same.

    Args:
        keywords: As config has them.
    """

    def __init__(self, keywords: Sequence[str]) -> None:
        self._keywords = tuple((each, folded(each)) for each in keywords)

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Hand the turn on as one that calls a person."""
        if not isinstance(turn.event, Received):
            return
        text = folded(turn.message.text)
        for keyword, wanted in self._keywords:
            if any(_ends_at(text, wanted)):
                yield turn.because(f'the word "{keyword}"').calling("keyword")
                return


def folded(text: str) -> str:
    r"""Return a text as words are compared: any case and width, single spaces, nothing invisible.

    >>> folded("  Anwalt\u200b  ＬＡＷ ")
    'anwalt law'
    """
    seen = "".join(sign for sign in text if not is_invisible(sign))
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())


def _ends_at(text: str, word: str) -> Iterator[bool]:
    """Yield whether a word stands alone, for each place where it is found."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        yield not (_joined(text, at - 1, at) or _joined(text, end - 1, end))
        at = text.find(word, at + 1)


def _joined(text: str, left: int, right: int) -> bool:
    """Return whether two neighbours belong to one word; not where words need no spaces."""
    if left < 0 or right >= len(text):
        return False
    return all(_is_of_word(text[each]) for each in (left, right))


def _is_of_word(sign: str) -> bool:
    if not (sign.isalnum() or sign == "_" or unicodedata.combining(sign)):
        return False
    return not unicodedata.name(sign, "").startswith(_WITHOUT_SPACES)
