"""Checks that a customer who asks for a person can reach one; for `check` and `doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.clock import SystemClock
from bot.config.schema import Config
from bot.errors import Problem
from bot.ports import Finding
from bot.staff.notify import open_ways
from bot.staff.notify.ways import way_problems
from bot.staff.teams import Teams
from bot.understanding.intents import IntentSet


def contact_is_set(config: Config) -> bool:
    """Return whether the config says how customers reach a person."""
    return "contact" in config.responder.model_fields_set


def silent_platforms(config: Config) -> list[str]:
    """Return the platforms that are served without a channel for cases, and so without a handoff.

    A customer's case may stand on another platform than theirs.
    """
    teams = Teams(config.staff)
    return [name for name in config.adapters if teams.channel(teams.default, name) is None]


def reachable(config: Config, intents: IntentSet | None) -> Iterator[Problem]:
    """Warn when there is no contact to name or no staff channel to notify."""
    if not contact_is_set(config):
        yield config.warning(
            ("responder", "contact"),
            f"`responder.contact` is not set: where customers ask how to reach a person, they read "
            f'"{config.responder.contact}"',
            "write an e-mail address, a phone number or a link",
        )
    if config.staff.triggers.frustration and not config.understanding.feelings:
        yield config.warning(
            ("staff", "triggers", "frustration"),
            "nobody is called: `understanding.feelings` is off, so how customers feel is not read",
            "delete one of the two",
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


def examine_notices(config: Config, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Check what calls staff outside the platforms when nobody claims a case."""
    problems = list(way_problems(config, environment))
    for problem in problems:
        yield Finding("notify", "fail", f"{problem.key}: {problem.wrong}", problem.remedy)
    ways = [] if problems else sorted(open_ways(config, environment, SystemClock()))
    if ways:
        yield Finding("notify", "ok", f"when nobody claims a case: {' and '.join(ways)}")
    elif config.adapters and not problems:
        found = "no webhook and no mail: of a case that nobody claims an alert is all that tells"
        remedy = "set `staff.notify` (docs/configuration.md#when-nobody-claims-a-case)"
        yield Finding("notify", "warn", found, remedy)


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
