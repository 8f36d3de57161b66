"""A customer who is recommended products, without a service around it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from bot.answering.recommendations.index import ProductIndex, Vectors
from bot.answering.recommendations.kinds import read_with_kind
from bot.answering.recommendations.ranking import Ranking
from bot.answering.recommendations.refining import advanced
from bot.answering.recommendations.wish import Wish
from bot.ports import Attitude, RecommendScope
from bot.understanding.encoders.cache import cache_root, cached_folder, exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.multilingual import exported_multilingual
from bot.understanding.encoders.recent import RecentEmbeddings
from bot.understanding.language.normalise import normalise
from bot.understanding.model.attitude_head import (
    FILE,
    WORDS,
    AttitudeHead,
    fit_attitude_head,
    read_attitudes,
)
from bot.understanding.training.heads import shipped


def no_word_is_known(word: str) -> bool:  # noqa: ARG001 - as the protocol has it
    """Return that a word may be a misspelling, where there is no model that knows better."""
    return False


class PlainEncoders:
    """The `EncodesProducts` of the embedded encoders, which remembers the time that it took.

    Attributes:
        seconds: Spent on messages and products since the last reset.
    """

    def __init__(self) -> None:
        self._english = load_encoder_files(exported_encoder("embedded"))
        self._others = load_encoder_files(exported_multilingual("embedded"))
        self.seconds = 0.0
        self._heads = {
            "english": _head(self._english, every_language=False),
            "multilingual": _head(self._others, every_language=True),
        }

    def encoder(self, language: str) -> str:
        """Return which encoder reads a language."""
        return "english" if language.startswith("en") else "multilingual"

    def message(self, text: str, language: str) -> Vectors:
        """Return the vector of a message."""
        return self.products([normalise(text)], language)

    def products(self, texts: Sequence[str], language: str) -> Vectors:
        """Return the vectors of texts."""
        started = time.perf_counter()
        encoder = self._english if language.startswith("en") else self._others
        vectors = encoder.embed(texts)
        self.seconds += time.perf_counter() - started
        return vectors

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> Sequence[Mapping[Attitude, float]]:
        """Return what is thought of each thing that a text names."""
        started = time.perf_counter()
        head, encoder = self._heads[self.encoder(language)]
        found = head.attitudes(text, named, language, encoder)
        self.seconds += time.perf_counter() - started
        return found


def _head(encoder: Encoder, *, every_language: bool) -> tuple[AttitudeHead, RecentEmbeddings]:
    """Return the head over an encoder, trained once for its examples."""
    key = f"{encoder.description.key}-{shipped()['attitudes']}-{every_language}"
    folder = cached_folder(
        cache_root(None) / "benchmarks",
        key,
        {FILE, WORDS},
        lambda made: fit_attitude_head(encoder, every_language=every_language).write(made),
    )
    head = read_attitudes(folder, encoder.description.dimension)
    assert head is not None  # noqa: S101 - it was just written
    return head, RecentEmbeddings(encoder)


class Session:
    """One customer.

    Args:
        index: The products.
        encoders: Compare messages with them.
        language: BCP 47 tag of what the customer writes.
    """

    def __init__(self, index: ProductIndex, encoders: PlainEncoders, language: str) -> None:
        index.embed(encoders, language)
        self._index = index
        self._encoders = encoders
        self._language = language
        self.wish = Wish()

    def ask(self, text: str, most: int = 3) -> list[str]:
        """Return the ids of the products that are shown."""
        kinds = frozenset(map(str, self.wish.categories))
        reading = read_with_kind(self._index, text, self._language, self._encoders, context=kinds)
        catalogue = self._index.catalogue
        if reading.may_mean:  # the customer is asked which kind of product is meant
            return []
        self.wish = advanced(self.wish, reading, text, catalogue, RecommendScope())
        ranking = Ranking(self._index, self._encoders)
        ranked = ranking.choose(self.wish, self._language, most)
        # what is sold out is named as such, and not recommended
        rows = ranked.rows if ranked.state != "sold_out" else ()
        ids = [catalogue.products[row].id for row in rows]
        self.wish = self.wish.showing(ids)
        return ids
