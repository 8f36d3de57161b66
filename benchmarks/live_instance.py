"""The intents that benchmarks.live edits: 25 intents with 20 generated examples each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from bot.config.schema import Config

FRAMES = {
    "where": ("where is", "can you find", "I am still waiting for", "please track"),
    "cancel": ("cancel", "I want to cancel", "please stop", "how do I call off"),
    "change": ("change", "I have to change", "can you update", "how do I edit"),
    "broken": ("help, it is broken:", "something is wrong with", "I cannot use", "please repair"),
    "price": ("how much is", "what do I pay for", "tell me the price of", "is there a fee for"),
}
"""What customers say, by what they want."""

THINGS = {
    "parcel": ("my parcel", "the box you sent", "my delivery", "the shipment", "a package"),
    "ticket": ("my train ticket", "a seat on the train", "the rail pass", "my trip", "a fare"),
    "loan": ("my loan", "the mortgage", "my credit line", "the borrowed money", "an instalment"),
    "phone": ("my phone", "the mobile handset", "my cell", "the smartphone", "a SIM card"),
    "garden": ("my garden tools", "the lawn mower", "my hedge trimmer", "the rake", "a spade"),
}
"""What they want it of. With the frames: 25 intents of 4 x 5 examples."""

ARTICLE = """\
# The kiosk at the lake

## What it sells

The kiosk at the lake sells ice cream and newspapers, edition {edition}.
"""
ASKED = "what does the kiosk at the lake sell?"
"""What the article answers, and no intent."""

NAMES = tuple(f"{want}_{thing}" for want, thing in product(FRAMES, THINGS))
FILE = "desk.yaml"


def examples(name: str) -> Sequence[str]:
    """Return the examples of an intent."""
    want, _, thing = name.partition("_")
    return [f"{frame} {noun}" for frame, noun in product(FRAMES[want], THINGS[thing])]


def written(edition: int) -> str:
    """Return the intent file in its n-th edition.

    Each edition has one example more than the first, and its number in every reply. Intents swap
    names with their neighbours from one edition to the next: a model of one edition with the
    replies of another would answer beside the point.
    """
    return json.dumps({"version": 1, "intents": [_intent(i, edition) for i in range(len(NAMES))]})


def _intent(position: int, edition: int) -> dict[str, object]:
    about = NAMES[position]
    named = NAMES[(position + edition) % len(NAMES)]
    more = [f"{about.replace('_', ' ')} number {edition}"] if edition and not position else []
    reply = f"This is about {about}, edition {edition}."
    return {"name": named, "examples": [*examples(about), *more], "reply": reply}


def save(root: Path, edition: int) -> None:
    """Save an edition as editors do: a file beside it takes its place."""
    draft = root / "draft"
    draft.write_text(written(edition), encoding="utf-8")
    (root / "intents").mkdir(exist_ok=True)
    draft.replace(root / "intents" / FILE)


def tell(root: Path, edition: int) -> None:
    """Save an edition of the desk's one article, as `save` does."""
    folder = root / "intents" / "knowledge"
    folder.mkdir(parents=True, exist_ok=True)
    draft = root / "draft"
    draft.write_text(ARTICLE.format(edition=edition), encoding="utf-8")
    draft.replace(folder / "kiosk.md")


def configured(root: Path) -> Config:
    """Return the configuration of the desk in a folder: the defaults."""
    return Config(
        intents=root / "intents",
        model=root / "model",
        database=f"sqlite:///{root}/frontdesk.db",
    )
