"""Checks of `frontdesk doctor` for `actions.yaml`: secrets, functions, hosts, open writes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping

from bot.answering.actions.network import AddressRefused, CheckedResolver
from bot.answering.actions.python import GROUP, installed_actions
from bot.config.schema import Config
from bot.errors import StorageError
from bot.ports import Finding
from bot.storage.action_calls import ActionCalls
from bot.storage.engine import find_revision, open_database
from bot.storage.migrate import newest_revision
from bot.understanding.intents import inspect_intents
from bot.understanding.intents.actions import ActionsFile
from bot.understanding.intents.actions.names import place_of, variables_in

SECONDS = 3.0
"""How long a host may take to accept a connection."""


async def check_actions(
    config: Config, environment: Mapping[str, str], *, offline: bool
) -> list[Finding]:
    """Check that actions can be called; nothing without an `actions.yaml`.

    Args:
        config: Of the instance.
        environment: Environment variables.
        offline: Connect to nobody.
    """
    intents, _ = inspect_intents(config.intents, default_language=config.language.default)
    file = intents.actions if intents is not None else None
    if file is None or not file.actions:
        return []
    findings = [*_variables(file, environment), *_functions(file)]
    if not offline:
        findings += [each async for each in _hosts(file)]
    findings += await _open_writes(config)
    if not findings:
        writes = sum(each.writes for each in file.actions.values())
        found = f"{len(file.actions) - writes} reads, {writes} writes"
        findings = [Finding("actions", "ok", found)]
    return findings


def _variables(file: ActionsFile, environment: Mapping[str, str]) -> Iterator[Finding]:
    calls = [each.http for each in file.actions.values() if each.http is not None]
    named = {name for call in calls for name in variables_in([call.headers, call.json_])}
    for name in sorted(each for each in named if not environment.get(each)):
        wrong = f"the environment variable {name} is not set"
        yield Finding("actions", "fail", wrong, "export it, as actions.yaml needs it")


def _functions(file: ActionsFile) -> Iterator[Finding]:
    named = {each.python for each in file.actions.values() if each.python}
    for name in sorted(named - installed_actions().keys()):
        wrong = f"no installed package has the function {name}"
        yield Finding("actions", "fail", wrong, f"install it: an entry point in the group {GROUP}")


async def _hosts(file: ActionsFile) -> AsyncIterator[Finding]:
    urls = [each.http.url for each in file.actions.values() if each.http is not None]
    for host, port in sorted({place_of(url) for url in urls}):
        wrong = await _unreachable(host, port, file.hosts)
        if wrong:
            yield Finding("actions", "fail", f"{host}:{port}: {wrong}", "start it, or see `hosts:`")


async def _unreachable(host: str, port: int, hosts: tuple[str, ...]) -> str:
    """Return why a host cannot be reached; empty: it can."""
    resolver = CheckedResolver(hosts)
    try:
        async with asyncio.timeout(SECONDS):
            found = await resolver.resolve(host, port, socket.AF_UNSPEC)
            _, writer = await asyncio.open_connection(found[0]["host"], port)
            writer.close()
    except AddressRefused as error:
        return str(error)
    except (OSError, TimeoutError) as error:
        return f"no connection ({type(error).__name__})"
    finally:
        await resolver.close()
    return ""


async def _open_writes(config: Config) -> list[Finding]:
    """Return the finding about writes without an outcome, where there is a database."""
    try:
        revision = await find_revision(config.database, mode=config.database_mode)
        if revision != newest_revision():
            return []
        async with await open_database(config.database, mode=config.database_mode) as database:
            found = await ActionCalls(database).latest(1_000, only_open=True)
    except StorageError:
        return []  # another finding tells of it
    if not found:
        return []
    wrong = f"writes whose outcome is not known: {len(found)}"
    return [Finding("actions", "warn", wrong, "see `frontdesk actions --open`")]
