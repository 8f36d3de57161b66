"""A classifier for messages about a danger, trained on Frontdesk's own examples.

It does not depend on the admin's intents. One head is trained over each encoder. The examples of
the other heads serve as ordinary messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.ports.understanding import Danger, DangerKind
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.kernel_head import KernelHead
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

FILE = "danger.safetensors"

_EXAMPLES = "safety.yaml"
_ORDINARY = {
    "person.yaml": ("wishes", "mentions", "others"),
    "clauses.yaml": ("negated", "requests", "contrasts", "background"),
    "follow_ups.yaml": ("complete", "leaning", "empty"),
    "addressed.yaml": ("asks", "talk", "points"),
    "dialogue_acts.yaml": ("skip", "stop", "why", "elsewhere", "values", "texts"),
    "reasons.yaml": ("fit", "fault", "different", "unwanted"),
}
"""Files of the other heads, and their kinds."""

_EVERY = 2
"""Of so many ordinary messages one is learned: all of them take longer and add nothing measured."""

_NOT_ORDINARY = frozenset({"someone hacked my account"})
_HARMLESS = "harmless"
_KINDS = tuple(DangerKind)


@dataclass(frozen=True, slots=True)
class DangerHead:
    """Tells messages about a danger from harmless ones."""

    head: KernelHead

    def dangers(self, reading: TextEmbeddings) -> list[Danger]:
        """Return for each text how surely it is about a danger, and of which kind."""
        found: list[Danger] = []
        for row in self.head.scores(reading.lower):
            total = min(max(float(row.sum()), 0.0), 1.0)
            found.append(Danger(_KINDS[int(row.argmax())], total))
        return found


def fit_danger_head(encoder: ReadsTexts, *, every_language: bool) -> KernelHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    examples = list(_examples(every_language))
    kinds = np.array([kind for _, kind in examples], dtype=np.int64)
    return KernelHead.fit(encoder.read([text for text, _ in examples]).lower, kinds, len(_KINDS))


def read_danger(folder: Path, dimension: int) -> DangerHead | None:
    """Read the head from a folder, see `KernelHead.read`."""
    head = KernelHead.read(folder / FILE, dimension, len(_KINDS))
    return DangerHead(head) if head else None


def _examples(every_language: bool) -> Iterator[tuple[str, int]]:
    """Yield each example with its kind; 0 for a harmless one."""
    numbers = {_HARMLESS: 0, **{str(kind): at for at, kind in enumerate(_KINDS, start=1)}}
    for kind, languages in shipped_lines(_EXAMPLES).items():
        for language, lines in languages.items():
            if every_language or language == ENGLISH:
                for line in lines:
                    yield from ((normalise(text), numbers[kind]) for text in alternatives(line))
    for name, kinds in _ORDINARY.items():
        for kind in kinds:
            for language, lines in shipped_lines(name)[kind].items():
                if every_language or language == ENGLISH:
                    every = (text for line in lines for text in alternatives(line))
                    ordinary = [text for text in every if text not in _NOT_ORDINARY]
                    yield from ((normalise(text), 0) for text in ordinary[::_EVERY])
