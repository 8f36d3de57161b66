"""Keys and files that are in the schema, but not supported in this version.

They are errors in an intent that is answered: its reply would be sent without the step that the
admin asked for. Drafts are not answered, so they may keep them, for example after an import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.understanding.intents.schema import IntentEntry

NOT_YET: Mapping[str, tuple[str, str]] = {
    "recommend": ("no products are recommended", "delete it, and name products in `reply`"),
}
"""By key: what is missing, and what to write instead."""

GONE: Mapping[str, str] = {
    "follow_ups": "delete it: follow-ups are understood from the conversation",
    "identity": "write `proof:` on the action in actions.yaml; an intent cannot state it",
}
"""By key of 0.1, where nothing executed it: what to do instead."""

UNSUPPORTED_FILES: Mapping[str, tuple[str, str]] = {
    "catalogue": ("no products are recommended", "delete the file, or move it elsewhere"),
}
"""By file name: what is missing, and what to do about the file."""

WHOLE = ("recommend",)
"""Keys of an intent that are not supported, whatever their value."""


def unexecuted(entry: IntentEntry) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """Yield the unsupported keys of an intent, each with its location.

    A key counts when it is present, even if it is empty.
    """
    for key in WHOLE:
        if key in entry.model_fields_set:
            yield key, (key,)
