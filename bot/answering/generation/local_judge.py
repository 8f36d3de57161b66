"""A local judge: a cross-encoder that decides whether a passage entails a sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.answering.grounding.parsing import plain
from bot.errors import FrontdeskError
from bot.messages import Message
from bot.ports import Passage

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

GRAPH, TOKENIZER, SETTINGS = "model.onnx", "tokenizer.json", "config.json"

MAX_TOKENS = 512
"""Longest pair of passage and sentence; the passage is cut."""

_LABEL = "entailment"


class LocalJudge:
    """Judges sentences with a model in this process.

    Args:
        model: Scores pairs of passage and sentence.
        threshold: Probability of entailment from which a sentence is confirmed.
    """

    def __init__(self, model: CrossEncoder, threshold: float) -> None:
        self._model = model
        self._threshold = threshold

    def hear(
        self, message: Message, passages: Sequence[Passage], question: str
    ) -> LocallyJudgedAnswer:
        """Return the judge of one answer's sentences; the question is not needed."""
        del message, question
        texts = [f"{p.source.title}. {p.heading}. {plain(p.text)}" for p in passages]
        return LocallyJudgedAnswer(self._model, texts, self._threshold)


class LocallyJudgedAnswer:
    """The sentences of one answer before the local judge.

    Attributes:
        cost: Nothing.
        failed: Never.
        capped: Never.
    """

    cost = 0.0
    failed = False
    capped = False

    def __init__(self, model: CrossEncoder, passages: Sequence[str], threshold: float) -> None:
        self._model = model
        self._passages = passages
        self._threshold = threshold

    async def objection(self, sentence: str) -> str:
        """Return why a sentence may not be shown; empty when one of the passages entails it."""
        pairs = [(passage, plain(sentence)) for passage in self._passages]
        likely = await asyncio.to_thread(self._model.entailment, pairs)
        best = float(likely.max(initial=0.0))
        if best >= self._threshold:
            return ""
        return f"the judge does not find it in the articles: {best:.2f}"


class CrossEncoder:
    """A cross-encoder with a class for entailment. Thread-safe."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, label: int) -> None:
        self._session = session
        self._inputs = {each.name for each in session.get_inputs()}
        self._tokenizer = tokenizer
        self._label = label

    @classmethod
    def load(cls, folder: Path) -> CrossEncoder:
        """Load the model in a folder.

        Raises:
            FrontdeskError: A file is missing or damaged, or no class is named `entailment`.
        """
        for name in (GRAPH, TOKENIZER, SETTINGS):
            if not (folder / name).is_file():
                raise _refused(folder / name, "is missing")
        try:
            label = _label_of(json.loads((folder / SETTINGS).read_text("utf-8")))
        except ValueError as error:
            raise _refused(folder / SETTINGS, str(error)) from error
        try:
            return cls(_session(folder / GRAPH), _tokenizer(folder / TOKENIZER), label)
        except Exception as error:  # onnxruntime and tokenizers have no common exception
            raise _refused(folder, f"cannot be loaded ({type(error).__name__})") from error

    def entailment(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return the probability that the first text of each pair entails the second one."""
        return np.array([self._one(self._tokenizer.encode(*pair)) for pair in pairs])

    def _one(self, encoded: Encoding) -> float:
        ids = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        fed = {
            name: np.array([value], dtype=np.int64)
            for name, value in ids.items()
            if name in self._inputs
        }
        logits = np.asarray(self._session.run(None, fed)[0], dtype=np.float64)[0]
        likely = np.exp(logits - logits.max())
        return float(likely[self._label] / likely.sum())


def _label_of(settings: object) -> int:
    """Return the number of the class `entailment`."""
    labels = settings.get("id2label") if isinstance(settings, dict) else None
    for number, name in labels.items() if isinstance(labels, dict) else ():
        if str(name).lower() == _LABEL and str(number).isdigit():
            return int(number)
    raise ValueError(f'`id2label` names no "{_LABEL}"')


def _session(file: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _tokenizer(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_first")
    return tokenizer


def _refused(place: Path, wrong: str) -> FrontdeskError:
    return FrontdeskError(
        f"gpt.judge.model: {place}: {wrong}: the folder needs {GRAPH}, {TOKENIZER} and {SETTINGS} "
        f"of a cross-encoder whose `id2label` names `{_LABEL}`"
    )
