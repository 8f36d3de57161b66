"""Keys of intents that earlier versions had, where nothing executed them."""

from __future__ import annotations

from collections.abc import Mapping

GONE: Mapping[str, str] = {
    "follow_ups": "delete it: follow-ups are understood from the conversation",
    "identity": "write `proof:` on the action in actions.yaml; an intent cannot state it",
}
"""By key: what to do instead."""
