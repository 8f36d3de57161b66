"""The heads that all models over an encoder share: learned once, and kept in the cache.

Their examples are shipped, so they do not depend on what admins teach.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import partial
from pathlib import Path

from bot.understanding.encoders.cache import cache_root, cached_folder
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.model import clause_head, follow_up_head, person_head, planted_head

FILES = frozenset(
    {
        person_head.FILE,
        clause_head.FILE,
        clause_head.WORDS,
        follow_up_head.FILE,
        planted_head.FILE,
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


def _key(encoder: Encoder, every_language: bool) -> str:
    examples = (
        person_head.examples_hash(),
        clause_head.examples_hash(),
        follow_up_head.follow_up_examples_hash(),
        planted_head.planted_examples_hash(),
    )
    named = f"{encoder.description.key}:{every_language}:{examples}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def _fit(encoder: Encoder, folder: Path, *, every_language: bool) -> None:
    people = person_head.fit_person_head(encoder, every_language=every_language)
    people.write(folder / person_head.FILE)
    clause_head.fit_clause_head(encoder, every_language=every_language).write(folder)
    follow_ups = follow_up_head.fit_follow_up_head(encoder, every_language=every_language)
    follow_ups.write(folder / follow_up_head.FILE)
    planted = planted_head.PlantedHead.fit(encoder, every_language=every_language)
    planted.write(folder / planted_head.FILE)
