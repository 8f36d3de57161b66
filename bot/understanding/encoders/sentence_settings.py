"""What a sentence-transformers folder says about its encoder: its pooling and its prefixes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import EncoderUnavailable

POOLING = "1_Pooling/config.json"
PROMPTS = "config_sentence_transformers.json"

ASSUMED = (
    f"the encoder's folder has no {POOLING}, so the mean of its tokens is taken, which may be "
    "wrong: download the whole sentence-transformers folder, or add that file"
)
"""The warning about an encoder whose pooling is not specified."""

_POOLINGS = {
    "cls": "cls",
    "cls_token": "cls",
    "mean": "mean",
    "mean_tokens": "mean",
    "mean_sqrt_len_tokens": "mean",  # has the same direction as the mean
}
_FOR_MESSAGES = ("classification", "query", "search_query")
_FOR_PASSAGES = ("passage", "document", "search_document")

_E5 = re.compile(r"(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?", re.IGNORECASE)
"""The E5 encoders, whose folders do not say that they need prefixes.

Source: Wang et al. 2022, arXiv:2212.03533; their model cards.
"""


@dataclass(frozen=True, slots=True)
class SentenceSettings:
    """How an encoder wants its texts, and how it turns them into vectors.

    Attributes:
        pooling: `cls` or `mean`.
        pooling_assumed: Whether the folder does not say which, so that `mean` is assumed.
        prefix: Put before messages and examples.
        passage_prefix: Put before passages of articles.
    """

    pooling: str = "mean"
    pooling_assumed: bool = False
    prefix: str = ""
    passage_prefix: str = ""


def sentence_settings(folder: Path, name: str) -> SentenceSettings:
    """Read the settings in an encoder's folder.

    Args:
        folder: The folder.
        name: The encoder's name in config.

    Raises:
        EncoderUnavailable: They are damaged, or its pooling is neither by the mean nor by the first
            token.
    """
    pooling = _pooling(folder)
    prefix, passage_prefix = _prefixes(folder, name)
    return SentenceSettings(pooling or "mean", pooling is None, prefix, passage_prefix)


def _pooling(folder: Path) -> str | None:
    """Return the encoder's pooling; None if the folder does not say."""
    path = folder / POOLING
    if not path.is_file():
        return None
    settings = _read(path)
    modes = {key.removeprefix("pooling_mode_") for key, is_on in settings.items() if is_on is True}
    named = settings.get("pooling_mode") or sorted(modes & _MODES) or ["mean"]
    wanted = [named] if isinstance(named, str) else list(named)
    if len(wanted) != 1 or wanted[0] not in _POOLINGS:
        raise EncoderUnavailable(
            f"{path}: pooling by {' and '.join(map(str, wanted))} is not supported: use an encoder "
            "whose pooling is the mean or the first token"
        )
    return _POOLINGS[wanted[0]]


_MODES = {*_POOLINGS, "max_tokens", "weightedmean_tokens", "lasttoken"}


def _prefixes(folder: Path, name: str) -> tuple[str, str]:
    """Return the prefixes of messages and of passages.

    An encoder that has a prefix for queries but none for passages was trained to compare texts
    without one: the prefix is for search alone, and left out.
    """
    if any(_E5.fullmatch(Path(one).name) for one in (name, folder.name)):
        return "query: ", "passage: "
    path = folder / PROMPTS
    settings = _read(path) if path.is_file() else {}
    prompts = settings.get("prompts") or {}
    if not isinstance(prompts, dict):
        raise EncoderUnavailable(f"{path}: prompts: is no mapping of names to texts")
    texts = {str(key).lower(): text for key, text in prompts.items() if isinstance(text, str)}
    default = texts.get(str(settings.get("default_prompt_name")).lower(), "")
    passage = _first(texts, _FOR_PASSAGES)
    message = default or (_first(texts, _FOR_MESSAGES) if passage else "")
    return message, passage or default


def _first(texts: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((texts[name] for name in names if texts.get(name)), "")


def _read(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"{path}: cannot be read ({error}): download the encoder again"
        ) from error
    if not isinstance(settings, dict):
        raise EncoderUnavailable(f"{path}: holds no settings: download the encoder again")
    return settings
