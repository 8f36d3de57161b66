"""What intent files can say though this version does not do it.

An intent that is answered must not ask for it: its reply would go out without what the admin
wanted done first. A draft is not answered, so it keeps what an import brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.understanding.intents.schema import IntentEntry

NOT_YET: Mapping[str, tuple[str, str]] = {
    "slots": (
        "customers are not asked for details",
        "delete it and reply without them, or write `handoff: true`",
    ),
    "action": (
        "nothing is called before the reply",
        "delete it and reply without its results, or write `handoff: true`",
    ),
    "identity": (
        "customers cannot prove who they are",
        "write `handoff: true` in its place, unless anybody may read the reply",
    ),
    "recommend": ("no products are recommended", "delete it, and name products in `reply`"),
    "follow_ups": ("they are not understood", "delete them, or make them an intent"),
    "team": ("there are no teams", "write `handoff: true`: the staff channel is told"),
    "when": ("there is nothing to choose by", "delete it, and keep one reply"),
}
"""By key: what is not done, and what to write instead."""

BESIDE: Mapping[str, tuple[str, str]] = {
    "actions": ("no action is called", "delete the file, or keep it elsewhere"),
    "catalogue": ("no products are recommended", "delete the file, or keep it elsewhere"),
    "safety": ("its rules would not be followed", "delete the file, or keep it elsewhere"),
}
"""Names of files that teach no intents: what is not done with them, and what to do."""

WHOLE = ("slots", "action", "identity", "recommend", "follow_ups")
"""Keys of an intent that are not executed whatever stands there."""


def unexecuted(entry: IntentEntry) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """Yield the keys of an intent that this version does not execute, each with its place.

    They count when they are written, whatever their value: `slots: {}` does nothing either.
    """
    for key in WHOLE:
        if key in entry.model_fields_set:
            yield key, (key,)
    if entry.handoff is not None and entry.handoff.team is not None:
        yield "team", ("handoff",)
    for position, case in enumerate(entry.reply):
        if "when" in case.model_fields_set:
            yield "when", ("reply", position, "when")
