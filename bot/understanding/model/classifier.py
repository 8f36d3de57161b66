"""The intent classifier: loads a model version and predicts, with numpy and onnxruntime only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports import ClauseReading, Leaning, Prediction, Wish
from bot.understanding.encoders.encoder import ENCODER_FILES, Encoder, load_encoder_files
from bot.understanding.encoders.multilingual import MultilingualEncoder, multilingual_encoder
from bot.understanding.language.detector import ENGLISH, USUAL, LanguageDetector
from bot.understanding.language.normalise import normalise
from bot.understanding.language.tags import primary
from bot.understanding.model.calibration import TAUGHT
from bot.understanding.model.english_words import EnglishWords, read_english_words
from bot.understanding.model.error_bound import LabelledPredictions
from bot.understanding.model.recogniser import (
    MultilingualRecogniser,
    Ranking,
    Recogniser,
    open_recogniser,
)
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.model.scorer import read_scorer
from bot.understanding.model.thresholds import BALANCED, Policy, Thresholds, choose

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Nearest:
    """The training example nearest to a text.

    Attributes:
        intent: Its intent; empty for an out-of-scope example.
        similarity: Similarity to the text, in [-1, 1].
    """

    text: str
    intent: str
    similarity: float


class IntentClassifier:
    """Recognises the intents that a model was trained on; a `Classifier`. Thread-safe.

    Args:
        english: The recogniser for English; for all languages if there is no multilingual one.
        words: Known English words.
        manifest: Describes the model.
        multilingual: The recogniser for other languages; None if there is none.
    """

    def __init__(
        self,
        english: Recogniser,
        words: EnglishWords,
        manifest: Manifest,
        *,
        multilingual: MultilingualRecogniser | None = None,
    ) -> None:
        self._english = english
        self._multilingual = multilingual
        self._words = words
        self._languages = LanguageDetector(familiar=self.familiar)
        self._taught = frozenset(manifest.settings.get(TAUGHT, ()))
        self.manifest = manifest

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        """Rank the intents for one text of any length and content.

        Args:
            text: The customer's message.
            language: Its BCP 47 tag; None: detected.
        """
        return (await asyncio.to_thread(self.predict, [text], [language]))[0]

    def predict(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[Prediction]:
        """Rank the intents for texts of any length and content.

        Args:
            texts: Messages of customers.
            languages: Their BCP 47 tags; None: detected.
        """
        cleaned = [normalise(text) for text in texts]
        tags = [
            tag or self.language(text)
            for text, tag in zip(cleaned, languages or repeat(None, len(texts)), strict=True)
        ]
        predictions: list[Prediction] = []
        for start in range(0, len(texts), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            predictions += self._predict(cleaned[chunk], tags[chunk])
        return predictions

    async def wishes(self, texts: Sequence[str], *, language: str) -> list[Wish]:
        """Return for each text whether it asks for a human; an empty list without such a head.

        Args:
            texts: A message and parts of it.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(lambda: self.recogniser(language).wishes(cleaned))

    async def read_clauses(self, texts: Sequence[str], *, language: str) -> list[ClauseReading]:
        """Return for each text what it does; an empty list without such a head.

        Args:
            texts: A message and its clauses.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(lambda: self.recogniser(language).read_clauses(cleaned))

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Return the texts' sentence embeddings, see `Embeds.embed`."""
        if passages:
            return self._english.encoder.embed(texts, passages=True)
        return self._english.recent.read(texts).vectors

    def similarities(self, text: str, others: Sequence[str], *, language: str) -> list[float]:
        """Return the cosine similarity of a text to each of some others, in [-1, 1].

        Args:
            text: The customer's message.
            others: What it is compared with.
            language: BCP 47 tag of the text: its encoder compares.
        """
        vectors = self.recogniser(language).encoder.embed([text, *others])
        return [float(each) for each in vectors[1:] @ vectors[0]]

    async def leanings(self, texts: Sequence[str], *, language: str) -> list[Leaning]:
        """Return for each text whether it is a follow-up; an empty list without such a head.

        Args:
            texts: A message, and texts that are looked at next.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(lambda: self.recogniser(language).leanings(cleaned))

    def familiar(self, text: str) -> float:
        """Return the share of a text's words that are surely English, in [0, 1]."""
        # Without a second encoder, the first one's vocabulary may be of any language.
        return self._words.share(text) if self._multilingual else USUAL

    @property
    def encoder(self) -> Encoder:
        """The encoder for English; for all languages if there is no multilingual one."""
        return self._english.encoder

    @property
    def multilingual(self) -> MultilingualEncoder | None:
        """The encoder for other languages; None when the model has none."""
        return self._multilingual.encoder if self._multilingual else None

    def nearest(self, text: str) -> Nearest:
        """Return the training example nearest to a text, to explain its prediction."""
        recogniser = self.recogniser(self.language(text))
        near = recogniser.nearness(text)
        examples, best = recogniser.scorer.examples, int(near.argmax())
        position = int(examples.intents[best])
        known = self.manifest.intents
        intent = known[position].name if position < len(known) else ""
        return Nearest(examples.texts[best], intent, float(near[best]))

    def _predict(self, texts: Sequence[str], languages: Sequence[str]) -> list[Prediction]:
        """Rank the intents for normalised texts, each with the encoder for its language."""
        recognisers = [self.recogniser(language) for language in languages]
        found: dict[int, Prediction] = {}
        for recogniser in dict.fromkeys(recognisers):
            rows = [row for row, one in enumerate(recognisers) if one is recogniser]
            predictions = recogniser.predict([texts[row] for row in rows])
            found.update(zip(rows, predictions, strict=True))
        return [found[row] for row in range(len(texts))]

    def language(self, text: str) -> str:
        """Return the BCP 47 tag of a text without context; `en` if the model knows no others."""
        return self._languages.detect(text, prior=ENGLISH) if self._multilingual else ENGLISH

    def recogniser(self, language: str) -> Recogniser:
        """Return the recogniser for a language, by its BCP 47 tag.

        Raises:
            ModelError: Its files are damaged.
        """
        code = primary(language)
        if self._multilingual is None or code == ENGLISH:
            return self._english
        return self._multilingual.get(translated=code not in self._taught)


def load_classifier(folder: Path, *, policy: Policy = BALANCED) -> IntentClassifier:
    """Load the serving version.

    Args:
        folder: Model folder, as config's `model:` names it.
        policy: Sets the thresholds.

    Raises:
        ModelError: There is no model, it is damaged, or its format is not supported.
    """
    return load_version(ModelRegistry(folder).current(), policy=policy)


def load_version(
    version: Path, *, policy: Policy = BALANCED, loaded: IntentClassifier | None = None
) -> IntentClassifier:
    """Load one version of a model, by its folder.

    Args:
        version: Folder of the version.
        policy: Sets the thresholds.
        loaded: Another loaded version, whose encoders are reused if they are the same.

    Raises:
        ModelError: It is damaged, its format is not supported, or it has been removed meanwhile.
    """
    manifest = read_manifest(version)
    encoder = _encoder(version, manifest, loaded)
    scorer = read_scorer(version, len(manifest.intents))
    thresholds = choose(policy, manifest.calibration, LabelledPredictions.read(version))
    english = open_recogniser(version, encoder, scorer, Ranking(manifest, thresholds))
    foreign = multilingual_encoder(version, loaded.multilingual if loaded else None)
    others = _multilingual(version, manifest, policy, thresholds, foreign)
    words = read_english_words(version, encoder)
    return IntentClassifier(english, words, manifest, multilingual=others)


def _encoder(version: Path, manifest: Manifest, loaded: IntentClassifier | None) -> Encoder:
    """Return the first encoder of a version, reusing a loaded one if its files are the same."""
    # Files are compared, not keys: a fine-tuned encoder has the key of its original.
    if loaded is not None and all(
        loaded.manifest.files.get(name) == manifest.files.get(name) for name in ENCODER_FILES
    ):
        return loaded.encoder
    return load_encoder_files(version)


def _multilingual(
    version: Path,
    manifest: Manifest,
    policy: Policy,
    english: Thresholds,
    encoder: MultilingualEncoder | None,
) -> MultilingualRecogniser | None:
    calibration = manifest.multilingual
    if encoder is None or calibration is None:
        return None
    # An error bound was verified on messages in all languages, with one common threshold.
    promised = english.error_bound is not None and english.error_bound.threshold is not None
    thresholds = english if promised else choose(policy, calibration, None)
    ranking = Ranking(replace(manifest, calibration=calibration), thresholds)
    translated = None
    if TAUGHT in manifest.settings and not promised:  # versions before 0.2 do not say
        translated = Ranking(
            replace(manifest, calibration=calibration.of_translations()), thresholds
        )
    return MultilingualRecogniser(
        version, encoder, ranking, len(manifest.intents), translated=translated
    )


def load_encoder(folder: Path) -> Encoder:
    """Load the encoder of the serving version, for article search.

    Args:
        folder: Model folder, as config's `model:` names it.

    Raises:
        ModelError: There is no model, it is damaged, or its format is not supported.
    """
    version = ModelRegistry(folder).current()
    read_manifest(version)
    return load_encoder_files(version)
