"""Says in words why a decision was taken, for staff who ask in a channel."""

from __future__ import annotations

from bot.staff.quoting import fit_for_staff
from bot.storage.stored_decisions import StoredDecision

_SHOWN = 3
"""Intents and passages that are shown."""


def explained(decision: StoredDecision) -> str:
    """Return a decision in Markdown: its kind, its reasons, and what it was made from."""
    lines = [f"**{decision.kind}**, {decision.at:%Y-%m-%d %H:%M} UTC"]
    lines += [f"- {fit_for_staff(reason)}" for reason in decision.reasons]
    if decision.intents:
        ranked = [f"`{each.name}` {each.confidence:.2f}" for each in decision.intents[:_SHOWN]]
        lines.append(f"- intents: {', '.join(ranked)}; threshold {decision.threshold:.2f}")
    if decision.passages:
        found = [f"`{citation}` {score:.2f}" for citation, score in decision.passages[:_SHOWN]]
        lines.append(f"- passages: {', '.join(found)}")
    made = {"language": decision.language, "model": decision.model_version}
    named = [f"{name} {value}" for name, value in made.items() if value]
    return "\n".join([*lines, f"- {', '.join(named)}"] if named else lines)
