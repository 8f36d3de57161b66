"""Keys and files that are in the schema, but not supported in this version.

They are errors in an intent that is answered: its reply would be sent without the step that the
admin asked for. Drafts are not answered, so they may keep them, for example after an import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.understanding.intents.schema import IntentEntry

NOT_YET: Mapping[str, tuple[str, str]] = {
    "slots": (
        "the bot does not ask for details",
        "delete it and write a reply that needs none, or write `handoff: true`",
    ),
    "action": (
        "actions are not run",
        "delete it and write a reply that needs no results, or write `handoff: true`",
    ),
    "identity": (
        "customers cannot prove their identity",
        "write `handoff: true` instead, unless anybody may read the reply",
    ),
    "when": ("conditions are not evaluated", "delete it, and keep one reply"),
}
"""By key: what is missing, and what to write instead."""

WHOLE = ("slots", "action", "identity")
"""Keys of an intent that are not supported, whatever their value."""


def unexecuted(entry: IntentEntry) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """Yield the unsupported keys of an intent, each with its location.

    A key counts when it is present, even if it is empty, such as `slots: {}`.
    """
    for key in WHOLE:
        if key in entry.model_fields_set:
            yield key, (key,)
    for position, case in enumerate(entry.reply):
        if "when" in case.model_fields_set:
            yield "when", ("reply", position, "when")
