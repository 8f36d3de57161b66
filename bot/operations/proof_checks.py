"""Checks of `frontdesk doctor`: how customers prove who they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bot.answering.proof import read_key
from bot.config.schema import Config
from bot.errors import ConfigError
from bot.ports import Finding
from bot.understanding.intents import inspect_intents
from bot.understanding.intents.actions import ActionsFile

_SHOWN = 8
"""Signs of the fingerprint of the key."""


def check_proofs(config: Config) -> Iterator[Finding]:
    """Check that each way that an action needs is allowed, and that the key of codes is there."""
    intents, _ = inspect_intents(
        config.intents, default_language=config.language.default, teams=config.staff.teams
    )
    if intents is None or not intents.actions.proof.used():
        return
    yield from _ways(config, intents.actions)
    yield _key(config)


def _ways(config: Config, file: ActionsFile) -> Iterator[Finding]:
    for name, action in file.actions.items():
        if action.proof and not set(action.proof) & set(config.proof.ways):
            named = " or ".join(action.proof)
            found = f"{name} needs a proof by {named}, which `proof.ways` does not allow"
            remedy = "add the way to `proof.ways` in config.yaml, or another one to the action"
            yield Finding("proof", "fail", found, remedy)
    emails = config.proof.ways.count("platform_email")
    if emails and file.proof.platform_email is None:
        found = "`proof.ways` allows platform_email, for which actions.yaml has no action"
        yield Finding("proof", "warn", found, "write `platform_email: {find: ACTION}` in `proof:`")


def _key(config: Config) -> Finding:
    if not config.proof.key.exists():
        found = f"no key of codes yet: {config.proof.key} is made at the first start"
        return Finding("proof", "ok", found)
    try:
        key = read_key(config.proof.key)
    except ConfigError as error:
        return Finding("proof", "fail", str(error), "see there")
    shown = hashlib.sha256(key).hexdigest()[:_SHOWN]
    found = f"key of codes {shown}"
    if config.database.startswith("postgresql"):
        found += ": the same on every machine, or codes of one are wrong on another"
    return Finding("proof", "ok", found)
