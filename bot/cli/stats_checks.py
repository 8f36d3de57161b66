"""Names in `stats:` that no intent has, for `frontdesk check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.config.schema import Config
from bot.errors import Problem
from bot.yamlfile import resembling

if TYPE_CHECKING:
    from bot.understanding.intents import IntentSet


def unknown_courtesies(config: Config, intents: IntentSet | None) -> Iterator[Problem]:
    """Yield a warning for each name in config that no intent has; the built-in names may lack one.

    Args:
        config: With `stats:`.
        intents: All intents; None: they cannot be read.
    """
    if intents is None:
        return
    known = [each.name for each in intents.intents]
    for key in ("small_talk", "confirming"):
        names = getattr(config.stats, key) if key in config.stats.model_fields_set else ()
        for position, name in enumerate(names):
            if name not in known:
                wrong = f'no intent is called "{name}", so nothing counts as it'
                yield config.warning(("stats", key, position), wrong, resembling(name, known))
