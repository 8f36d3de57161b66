"""The classifier that serves: a trained model, loaded; numpy and onnxruntime, nothing heavier."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from bot.errors import ModelError
from bot.ports import Prediction
from bot.understanding.encoder import Encoder, load_encoder_files
from bot.understanding.model_folder import Manifest, ModelFolder, read_manifest
from bot.understanding.ranking import Ranking
from bot.understanding.scorer import Scorer
from bot.understanding.text import normalise

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Nearest:
    """The training example that a text resembles most.

    Attributes:
        intent: Its intent; empty for an out-of-scope example.
        similarity: How near it is, in [-1, 1].
    """

    text: str
    intent: str
    similarity: float


class IntentClassifier:
    """Recognises the intents that a model was trained on; a `Classifier`.

    Calls are safe from several threads at once.

    Args:
        encoder: Embeds texts.
        scorer: Scores intents.
        manifest: What the model is.
        threshold: Confidence from which to answer, instead of the one chosen in training.
    """

    def __init__(
        self,
        encoder: Encoder,
        scorer: Scorer,
        manifest: Manifest,
        *,
        threshold: float | None = None,
    ) -> None:
        self._encoder = encoder
        self._scorer = scorer
        self.manifest = manifest
        self._ranking = Ranking(manifest, threshold=threshold)

    async def classify(self, text: str) -> Prediction:
        """Rank the intents for one text of any length and content."""
        return (await asyncio.to_thread(self.predict, [text]))[0]

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Rank the intents for texts of any length and content."""
        predictions: list[Prediction] = []
        for start in range(0, len(texts), _CHUNK):
            cleaned = [normalise(text) for text in texts[start : start + _CHUNK]]
            scores = self._scorer.scores(cleaned, self._encoder.read(cleaned))
            predictions += self._ranking.rank(cleaned, scores)
        return predictions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the texts' sentence embeddings, unit vectors of shape (n_texts, dimension)."""
        return self._encoder.embed(texts)

    def nearest(self, text: str) -> Nearest:
        """Return the training example that a text resembles most: why it was understood so."""
        examples = self._scorer.examples
        near = self._scorer.nearness([text], self._encoder.read([text]))[0]
        best = int(near.argmax())
        position = int(examples.intents[best])
        known = self.manifest.intents
        intent = known[position].name if position < len(known) else ""
        return Nearest(examples.texts[best], intent, float(near[best]))


def load_classifier(folder: Path, *, threshold: float | None = None) -> IntentClassifier:
    """Load the model that serves.

    Args:
        folder: Model folder, as config's `model:` names it.
        threshold: Confidence from which to answer; None: the one chosen in training.

    Raises:
        ModelError: There is no model, or it is damaged or foreign.
    """
    return load_version(ModelFolder(folder).current(), threshold=threshold)


def load_version(version: Path, *, threshold: float | None = None) -> IntentClassifier:
    """Load one version of a model, by its own folder.

    Args:
        version: Folder of the version.
        threshold: Confidence from which to answer; None: the one chosen in training.

    Raises:
        ModelError: It is damaged or foreign, or has been removed meanwhile.
    """
    manifest = read_manifest(version)
    try:
        scorer = Scorer.read(version, len(manifest.intents))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{version}: is not readable ({error}): run `frontdesk train`") from error
    encoder = load_encoder_files(version, threads=1)
    return IntentClassifier(encoder, scorer, manifest, threshold=threshold)


def load_encoder(folder: Path) -> Encoder:
    """Load the encoder of the model that serves; for retrieval in the admins' articles.

    Args:
        folder: Model folder, as config's `model:` names it.

    Raises:
        ModelError: There is no model, or it is damaged or foreign.
    """
    version = ModelFolder(folder).current()
    read_manifest(version)
    return load_encoder_files(version)
