"""Grounding of sentences in another language than the article, without a judge.

    python -m benchmarks.translations

Compares true translations with lies (`benchmarks/grounding/translations.yaml`): by nearness to the
article's sentence in the space of the multilingual encoder, by the guard's rules, and by both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from bot.answering.grounding import Evidence
from bot.answering.grounding.commitments import commitment
from bot.answering.grounding.cross_lingual import basis
from bot.messages import Source
from bot.ports import Passage
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files
from bot.understanding.encoders.source import MULTILINGUAL

FILE = Path(__file__).parent / "grounding" / "translations.yaml"
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence.

    Attributes:
        near: Cosine with what the article says.
        passes: The guard's rules find nothing against it.
    """

    part: str
    true: bool
    near: float
    passes: bool


def judge() -> Iterator[Judged]:
    """Judge all sentences of the file."""
    encoder = load_encoder_files(exported_encoder(MULTILINGUAL))
    for part, entries in YAML(typ="safe").load(FILE).items():
        for entry in entries:
            told = str(entry["told"])
            evidence = Evidence.of([Passage("a", Source("Help", ""), "", told, 1.0)])
            article = encoder.embed([told])[0]
            for key in ("says", "lies"):
                for sentence in entry[key].values():
                    near = float(article @ encoder.embed([sentence])[0])
                    passes = commitment(sentence) is None and basis(sentence, evidence) is not None
                    yield Judged(part, key == "says", near, passes)


def main() -> None:
    """Measure, and print a table for each part."""
    judged = list(judge())
    for part in dict.fromkeys(each.part for each in judged):
        print(
            f"\n{part}: nearness from | translations kept, of these by rules | lies kept, by rules"
        )
        for least in THRESHOLDS:
            cells = [f"{least:.1f}"]
            for true in (True, False):
                near = [e for e in judged if e.part == part and e.true is true]
                kept = [e for e in near if e.near >= least]
                cells.append(f"{len(kept)}, {sum(e.passes for e in kept)} of {len(near)}")
            print(" | ".join(cells))


if __name__ == "__main__":
    main()
