"""Known English words: those in the encoder's vocabulary and in the training examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import ModelError
from bot.files.shared_files import read_strings
from bot.understanding.corpus import Corpus
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.language.tags import primary

_FILE = "english.json"
_WORD = re.compile(r"[^\W\d_]+")
_CHAT = frozenset(
    _WORD.findall(
        "asap btw cant coz cuz didnt doesnt dunno fyi gimme gonna gotta hiya hows idk imo isnt ive "
        "lemme lmk lol msg msgs nope nvm omg pls plz ppl pwd qty recd recvd rn snd thats thnx thx "
        "tks tmrw tmr u ur wanna wasnt whats wheres whos wont wouldnt yday yep yup"
    )
)
"""English chat spellings. Vocabularies lack them, and detectors mistake them for other languages;
few are words of another language in Latin script."""


class EnglishWords:
    """A set of known English words.

    Args:
        encoder: Its vocabulary contains the common English words.
        taught: Words of English examples that are not common, such as product names.
    """

    def __init__(self, encoder: Encoder, taught: Iterable[str]) -> None:
        self._encoder = encoder
        self._taught = frozenset(taught)
        self._familiar = self._taught | _CHAT

    @classmethod
    def fit(cls, corpus: Corpus, encoder: Encoder) -> EnglishWords:
        """Collect the words of a corpus that the encoder's vocabulary lacks."""
        words = {word for text in _english(corpus) for word in _words(text)}
        common = cls(encoder, ())
        return cls(encoder, (word for word in words if not common.share(word)))

    def share(self, text: str) -> float:
        """Return the share of English words among a text's words; 1 if it has no words."""
        plain = normalise(text)
        whole = self._encoder.whole(plain)
        known = [
            word.group().lower() in self._familiar
            or (word.group().isascii() and word.span() in whole)
            for word in _WORD.finditer(plain)
        ]
        return sum(known) / len(known) if known else 1.0

    def write(self, folder: Path) -> None:
        """Write the collected words into a model version."""
        (folder / _FILE).write_text(json.dumps(sorted(self._taught)), encoding="utf-8")


def read_english_words(folder: Path, encoder: Encoder) -> EnglishWords:
    """Read the words that training wrote into a model version.

    Raises:
        ModelError: The file is damaged.
    """
    try:
        return EnglishWords(encoder, read_strings(folder / _FILE))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: cannot be read ({error}): run `frontdesk train`") from error


def _english(corpus: Corpus) -> Iterator[str]:
    """Yield the English titles, examples and near misses of a corpus."""
    for intent in corpus.intents:
        yield from (title for tag, title in intent.title.items() if primary(tag) == ENGLISH)
        for example in (*intent.examples, *intent.near_misses):
            if primary(example.language) == ENGLISH:
                yield example.text
    yield from (one.text for one in corpus.out_of_scope if primary(one.language) == ENGLISH)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(normalise(text))]
