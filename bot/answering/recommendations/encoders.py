"""The classifier's encoders, as products are compared with messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering.recommendations.index import Vectors
from bot.ports import Attitude
from bot.understanding.encoders.encoder import ENCODER_FILES
from bot.understanding.language.normalise import normalise
from bot.understanding.model.classifier import IntentClassifier


class ModelEncoders:
    """The `EncodesProducts` of a model: for each language the encoder that reads its messages."""

    def __init__(self, classifier: IntentClassifier) -> None:
        self._classifier = classifier

    def encoder(self, language: str) -> str:
        """Return which encoder reads a language, also after another model came to serve."""
        recogniser = self._classifier.recogniser(language)
        if recogniser.encoder is not self._classifier.encoder:
            return "multilingual"
        # not its key: a fine-tuned encoder has the key of its original
        files = self._classifier.manifest.files
        return "".join(str(files.get(name)) for name in ENCODER_FILES)

    def message(self, text: str, language: str) -> Vectors:
        """Return the vector of a message; that of one just classified is at hand."""
        return self._classifier.recogniser(language).recent.read([normalise(text)]).vectors

    def products(self, texts: Sequence[str], language: str) -> Vectors:
        """Return the vectors of the texts about products."""
        return self._classifier.recogniser(language).encoder.embed(texts)

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> Sequence[Mapping[Attitude, float]]:
        """Return what is thought of each thing that a normalised text names."""
        return self._classifier.recogniser(language).attitudes(text, named, language)
