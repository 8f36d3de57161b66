"""Which words of a text are surely English: those of the encoder and those that admins taught."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import ModelError
from bot.files.shared_files import read_strings
from bot.understanding.corpus import Corpus
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.language.detector import ENGLISH, primary
from bot.understanding.language.normalise import normalise

_FILE = "english.json"
_WORD = re.compile(r"[^\W\d_]+")
_CHAT = frozenset(
    _WORD.findall(
        "asap btw cant coz cuz didnt doesnt dunno fyi gimme gonna gotta hiya hows idk imo isnt ive "
        "lemme lmk lol msg msgs nope nvm omg pls plz ppl pwd qty recd recvd rn snd thats thnx thx "
        "tks tmrw tmr u ur wanna wasnt whats wheres whos wont wouldnt yday yep yup"
    )
)
"""How English is written in chats. Vocabularies lack these, and detectors take them for foreign;
few mean anything in another language that uses Latin letters."""


class EnglishWords:
    """Knows English words.

    Args:
        encoder: Its vocabulary holds the words that are common in English.
        taught: Words of English examples; what the desk sells is seldom common.
    """

    def __init__(self, encoder: Encoder, taught: Iterable[str]) -> None:
        self._encoder = encoder
        self._taught = frozenset(taught)
        self._familiar = self._taught | _CHAT

    @classmethod
    def fit(cls, corpus: Corpus, encoder: Encoder) -> EnglishWords:
        """Learn the words of a corpus that the encoder's vocabulary lacks."""
        words = {word for text in _english(corpus) for word in _words(text)}
        common = cls(encoder, ())
        return cls(encoder, (word for word in words if not common.share(word)))

    def share(self, text: str) -> float:
        """Return the share of English words among a text's words; 1 when there is none."""
        plain = normalise(text)
        whole = self._encoder.whole(plain)
        known = [
            word.group().lower() in self._familiar
            or (word.group().isascii() and word.span() in whole)
            for word in _WORD.finditer(plain)
        ]
        return sum(known) / len(known) if known else 1.0

    def write(self, folder: Path) -> None:
        """Write the taught words into a model version."""
        (folder / _FILE).write_text(json.dumps(sorted(self._taught)), encoding="utf-8")


def read_english_words(folder: Path, encoder: Encoder) -> EnglishWords:
    """Read what training left in a model version.

    Raises:
        ModelError: It is damaged.
    """
    try:
        return EnglishWords(encoder, read_strings(folder / _FILE))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: is not readable ({error}): run `frontdesk train`") from error


def _english(corpus: Corpus) -> Iterator[str]:
    """Yield what admins wrote in English."""
    for intent in corpus.intents:
        yield from (title for tag, title in intent.title.items() if primary(tag) == ENGLISH)
        for example in (*intent.examples, *intent.near_misses):
            if primary(example.language) == ENGLISH:
                yield example.text
    yield from (one.text for one in corpus.out_of_scope if primary(one.language) == ENGLISH)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(normalise(text))]
