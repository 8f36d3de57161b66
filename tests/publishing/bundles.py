"""Desks whose encoder is small enough to be trained, and fine-tuned, within a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.config.schema import Config
from tests.understanding.tiny import EXAMPLES, make_bert


def teach(config: Config, examples: Mapping[str, tuple[str, ...]], reply: str = "About") -> None:
    """Write the desk's intents."""
    intents = [
        {"name": name, "examples": list(texts), "reply": f"{reply} {name}."}
        for name, texts in examples.items()
    ]
    config.intents.mkdir(parents=True, exist_ok=True)
    (config.intents / "shop.yaml").write_text(yaml.safe_dump({"version": 1, "intents": intents}))


def small_desk(
    folder: Path, examples: Mapping[str, tuple[str, ...]] = EXAMPLES, *, hidden: int = 32
) -> Config:
    """Return a desk that has been taught, and not trained yet; its encoder is so wide."""
    encoder = make_bert(folder / "bert", hidden=hidden)
    classifier = {"encoder": str(encoder), "multilingual": "off"}
    config = Config.model_validate(
        {
            "intents": str(folder / "intents"),
            "model": str(folder / "model"),
            "classifier": classifier,
        }
    )
    teach(config, examples)
    return config
