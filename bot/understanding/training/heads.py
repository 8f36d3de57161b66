"""The heads that all models over an encoder share: learned once, and kept in the cache.

Their examples are shipped, so they do not depend on what admins teach.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from bot.text.catalogues import cue_words
from bot.understanding.encoders.cache import cache_root, cached_folder
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings
from bot.understanding.model import (
    addressed_head,
    attitude_head,
    clause_head,
    danger_head,
    dialogue_act_head,
    feelings_head,
    follow_up_head,
    person_head,
    planted_head,
    reason_head,
)
from bot.understanding.model.named_places import CUES
from bot.understanding.model.shipped_examples import examples_hash

FILES = frozenset(
    {
        person_head.FILE,
        clause_head.FILE,
        clause_head.WORDS,
        follow_up_head.FILE,
        danger_head.FILE,
        feelings_head.FILE,
        feelings_head.CALIBRATION,
        planted_head.FILE,
        addressed_head.FILE,
        dialogue_act_head.FILE,
        attitude_head.FILE,
        attitude_head.WORDS,
        reason_head.FILE,
    }
)


def write_heads(
    encoder: Encoder, folder: Path, *, every_language: bool, cache: Path | None, is_tuned: bool
) -> None:
    """Write the heads over an encoder into a model version, or into its multilingual part.

    Args:
        encoder: The encoder of the model being trained.
        folder: Where to.
        every_language: They learn from the examples of all languages; else from the English ones.
        cache: Folder of the cache; None: the user's.
        is_tuned: The encoder was fine-tuned for this model alone: nothing is kept.
    """
    fit = partial(_fit, encoder, every_language=every_language)
    if is_tuned:
        fit(folder)
        return
    kept = cached_folder(cache_root(cache) / "heads", _key(encoder, every_language), FILES, fit)
    for name in sorted(FILES):
        shutil.copyfile(kept / name, folder / name)


LEARNED_FROM = {
    "person": ("person.yaml", "person_head.py", "dense_head.py"),
    "clauses": ("clauses.yaml", "clause_head.py", "dense_head.py"),
    "follow_ups": ("follow_ups.yaml", "follow_up_head.py", "dense_head.py"),
    "danger": (
        *("safety.yaml", "person.yaml", "clauses.yaml", "follow_ups.yaml", "addressed.yaml"),
        *(
            "dialogue_acts.yaml",
            "reasons.yaml",
            "danger_head.py",
            "kernel_head.py",
            "shipped_examples.py",
        ),
    ),
    "feelings": (
        *("feelings.yaml", "person.yaml", "clauses.yaml"),
        *("feelings_head.py", "kernel_head.py", "shipped_examples.py"),
    ),
    "planted": planted_head.LEARNED_FROM,
    "addressed": (
        *("addressed.yaml", "person.yaml", "clauses.yaml", "follow_ups.yaml"),
        *("addressed_head.py", "kernel_head.py", "shipped_examples.py"),
    ),
    "dialogue_acts": (
        *("dialogue_acts.yaml", "person.yaml"),
        *("dialogue_act_head.py", "kernel_head.py", "shipped_examples.py"),
    ),
    "attitudes": ("attitudes.yaml", "attitude_head.py", "named_places.py", "head.py"),
    "reasons": (
        *("reasons.yaml", "dialogue_acts.yaml"),
        *("reason_head.py", "kernel_head.py", "shipped_examples.py"),
    ),
}
"""Files of `bot.understanding.model` that each head is learned from: examples and code."""


def shipped() -> Mapping[str, str]:
    """Return the hash of the shipped examples of each head, which identifies what it learned."""
    cues = {"attitudes": repr([sorted(cue_words(name).items()) for name in CUES])}
    return {name: examples_hash(files, cues.get(name, "")) for name, files in LEARNED_FROM.items()}


def _key(encoder: Encoder, every_language: bool) -> str:
    named = f"{encoder.description.key}:{every_language}:{tuple(shipped().values())}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


class _ReadOnce:
    """An encoder that embeds each text once: the heads have many examples in common."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._read: TextEmbeddings | None = None

    def read(self, texts: Sequence[str]) -> TextEmbeddings:
        """Embed texts, see `Encoder.read`; without what a fine-tuned layer adds."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if new or self._read is None:
            self._rows |= {text: len(self._rows) + at for at, text in enumerate(new)}
            self._read = _joined(self._read, self._encoder.read(new))
        return self._read.take(np.array([self._rows[text] for text in texts], dtype=np.int64))


def _joined(one: TextEmbeddings | None, other: TextEmbeddings) -> TextEmbeddings:
    if one is None:
        return replace(other, tuned=None)
    return TextEmbeddings(
        np.concatenate([one.vectors, other.vectors]),
        np.concatenate([one.lower, other.lower]),
        np.concatenate([one.known, other.known]),
    )


def _fit(source: Encoder, folder: Path, *, every_language: bool) -> None:
    encoder = _ReadOnce(source)
    people = person_head.fit_person_head(encoder, every_language=every_language)
    people.write(folder / person_head.FILE)
    clause_head.fit_clause_head(encoder, every_language=every_language).write(folder)
    follow_ups = follow_up_head.fit_follow_up_head(encoder, every_language=every_language)
    follow_ups.write(folder / follow_up_head.FILE)
    danger = danger_head.fit_danger_head(encoder, every_language=every_language)
    danger.write(folder / danger_head.FILE)
    feelings_head.fit_feelings_head(encoder, every_language=every_language).write(folder)
    planted = planted_head.PlantedHead.fit(encoder, every_language=every_language)
    planted.write(folder / planted_head.FILE)
    addressed = addressed_head.fit_addressed_head(encoder, every_language=every_language)
    addressed.write(folder / addressed_head.FILE)
    acts = dialogue_act_head.fit_dialogue_act_head(encoder, every_language=every_language)
    acts.write(folder / dialogue_act_head.FILE)
    reasons = reason_head.fit_reason_head(encoder, every_language=every_language)
    reasons.write(folder / reason_head.FILE)
    attitude_head.fit_attitude_head(encoder, every_language=every_language).write(folder)
