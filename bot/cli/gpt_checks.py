"""Settings of GPT that do nothing, for `frontdesk check`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.schema import Config
from bot.errors import Problem

_OWN_WORDS = ("persona", "tone", "rules", "judge")
"""Settings of `gpt:` that concern GPT's own words alone."""


def without_effect(config: Config) -> Iterator[Problem]:
    """Yield a warning for each setting that does nothing while GPT chooses from the articles."""
    gpt = config.gpt
    if gpt.answers != "select":
        return
    for name in _OWN_WORDS:
        if name in gpt.model_fields_set and getattr(gpt, name):
            yield config.warning(
                ("gpt", name),
                "does nothing: GPT chooses sentences of the articles",
                "delete it, or let GPT use its own words with `answers: rephrase` and a judge",
            )
