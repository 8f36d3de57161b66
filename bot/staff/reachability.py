"""Checks that a customer who asks for a person can reach one; for `check` and `doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.schema import Config
from bot.errors import Problem
from bot.ports import Finding
from bot.understanding.intents import IntentSet


def contact_is_set(config: Config) -> bool:
    """Return whether the config says how customers reach a person."""
    return "contact" in config.responder.model_fields_set


def silent_platforms(config: Config) -> list[str]:
    """Return the platforms that are served without a staff channel, and so without a handoff."""
    teams = config.staff.members
    return [name for name in config.adapters if not (name in teams and teams[name].channel)]


def reachable(config: Config, intents: IntentSet | None) -> Iterator[Problem]:
    """Warn when there is no contact to name or no staff channel to notify."""
    if not contact_is_set(config):
        yield config.warning(
            ("responder", "contact"),
            f"`responder.contact` is not set: where customers ask how to reach a person, they read "
            f'"{config.responder.contact}"',
            "write an e-mail address, a phone number or a link",
        )
    promising = [
        intent.name
        for intent in (intents.intents if intents else ())
        if intent.entry.handoff is not None and intent.entry.reply and not intent.entry.draft
    ]
    for platform in silent_platforms(config) if promising else ():
        yield config.warning(
            ("staff", "members", platform, "channel"),
            f"no staff channel: customers who ask for a person get the text `handoff` with the "
            f"contact, in place of the reply of {', '.join(promising)}",
            f"name one: `staff: {{members: {{{platform}: {{channel: ID}}}}}}` (docs/staff.md)",
        )


def examine_contact(config: Config) -> Iterator[Finding]:
    """Check how customers reach a person."""
    if contact_is_set(config):
        yield Finding("contact", "ok", config.responder.contact)
    else:
        found = f'not set: customers read "{config.responder.contact}"'
        yield Finding("contact", "warn", found, "set `responder.contact`: how to reach a person")
    for platform in silent_platforms(config):
        yield Finding(
            "staff",
            "warn",
            f"no channel on {platform}: nobody is told when a customer there asks for a person",
            f"set `staff: {{members: {{{platform}: {{channel: ID}}}}}}` (docs/staff.md)",
        )
