"""Settings of GPT that do nothing, for `frontdesk check`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.generation.factory import is_ranked
from bot.config.schema import Config
from bot.errors import Problem

_OWN_WORDS = ("persona", "tone", "rules", "judge")
"""Settings of `gpt:` that concern GPT's own words alone."""


def without_effect(config: Config) -> Iterator[Problem]:
    """Yield a warning for each setting that does nothing as `gpt:` is set."""
    gpt = config.gpt
    if config.forms.gpt and is_ranked(gpt):
        yield config.warning(
            ("forms", "gpt"),
            "does nothing: the ranking chooses, and no GPT is asked",
            "delete it, or write `gpt: {chooser: model}`",
        )
    if gpt.answers != "select":
        return
    for name in _OWN_WORDS:
        if name in gpt.model_fields_set and getattr(gpt, name):
            yield config.warning(
                ("gpt", name),
                "does nothing: GPT chooses sentences of the articles",
                "delete it, or let GPT use its own words with `answers: rephrase` and a judge",
            )
