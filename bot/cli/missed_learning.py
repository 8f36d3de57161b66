"""`frontdesk learn`: groups missed messages, says what would help, and edits the files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.options import operator, print_json, settings
from bot.cli.output import count, heading, line, next_step, remark
from bot.text.shorten import shortened

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.conversations.key import AuthorKey
    from bot.publishing.discovery import Discovery, MissedGroup
    from bot.publishing.edits import Edits
    from bot.publishing.routing import Routing
    from bot.storage.missed import MissedMessage

SHOWN = 3
"""Messages shown of each group; `--json` has all of them."""


def learn_from_missed(
    path: Path | None,
    messages: Path | None,
    *,
    days: int,
    most: int,
    people: int,
    write: bool,
    json: bool,
) -> None:
    """Print the groups and the diff; with `write`, change the files.

    Args:
        path: Of config.yaml.
        messages: A file of messages; None: the stored ones.
        days: How far to look back.
        most: How many messages to look at, the latest first.
        people: How many must have written in a group before its texts are shown.
        write: Change the files.
        json: Print JSON.
    """
    from bot.cli.progress import progress
    from bot.publishing.bundle import intents_of, load_bundle
    from bot.publishing.discovery import discover
    from bot.publishing.edits import plan
    from bot.publishing.routing import safe_edits

    config = settings(path)
    missed = _from_file(messages) if messages else asyncio.run(_stored(config, days))
    bundle = load_bundle(config)
    found = discover(bundle, missed[:most], people=people)
    edits, routing = plan(config, intents_of(config), found.groups), None
    if not json:
        _show(found, people)
    if write and edits.after:
        with progress() as shown:
            edits, routing = safe_edits(config, bundle.classifier, found.groups, shown)
    copies = _written(config, edits) if write and edits.after else None
    if json:
        print_json(_as_data(found, edits, routing, copies))
        return
    _show_changes(edits, routing)
    if copies is not None:
        heading(f"{count(len(edits.after), 'file')} written; copies: {copies}")
        next_step("read what was written, then frontdesk train (a running bot trains by itself)")
    elif edits.after:
        remark("nothing was changed: --write makes these changes")


def listed_staff(config: Config) -> list[AuthorKey]:
    """Return the members of staff that config lists by id."""
    from bot.conversations.key import AuthorKey

    return [
        AuthorKey(platform, "", user)
        for platform, team in config.staff.members.items()
        for user in team.users
    ]


async def _stored(config: Config, days: int) -> list[MissedMessage]:
    """Return what was missed, as far back as transcripts are kept."""
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.missed import missed_messages

    back = min([days, *filter(None, [config.retention.transcripts])])
    since = SystemClock().now() - timedelta(days=back)
    async with await open_database(config.database, mode=config.database_mode) as database:
        return await missed_messages(database, since=since, staff=listed_staff(config))


def _from_file(path: Path) -> list[MissedMessage]:
    from bot.cli.message_files import read_authored
    from bot.storage.missed import Miss, MissedMessage

    return [
        MissedMessage(text, ("file", author), Miss.UNANSWERED)
        for text, author in read_authored(path)
    ]


def _written(config: Config, edits: Edits) -> Path:
    from bot.clock import SystemClock
    from bot.publishing.edits import write

    copies = write(config, edits, SystemClock().now())
    asyncio.run(_record(config, edits))
    return copies


async def _record(config: Config, edits: Edits) -> None:
    """Record in the audit log who wrote how many messages of which groups into the files."""
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.audit import record_audit

    detail = {name: len(texts) for name, texts in edits.written.items()}
    deed = partial(
        record_audit, actor=operator(), action="learn", at=SystemClock().now(), detail=detail
    )
    async with await open_database(config.database, mode=config.database_mode) as database:
        await database.write(deed)


def _show(found: Discovery, people: int) -> None:
    for each in found.groups:
        _show_group(each)
    if found.hidden:
        messages = sum(len(each.messages) for each in found.hidden)
        groups = count(len(found.hidden), "group")
        line(f"{groups} of fewer than {people} people, {count(messages, 'message')}: not shown")
    line(f"{count(found.looked_at, 'message')} looked at, {found.alone:,} of them in no group")
    if found.answered_now:
        line(f"    {found.answered_now:,} left out: staff answered, and the bot can do so itself")


def _show_group(each: MissedGroup) -> None:
    size = f"{count(len(each.messages), 'message')} of {count(each.people, 'person')}"
    heading(f"{each.name}: {size.replace('persons', 'people')}")
    line(f"    would help: {each.help}{f' ({each.target})' if each.target else ''}")
    if each.nearest.intent:
        line(f"    nearest intent: {each.nearest.intent} ({each.nearest.score:.2f})", style="dim")
    line(f"    {', '.join(f'{number} {why}' for why, number in each.why.items())}", style="dim")
    for one in each.messages[:SHOWN]:
        line(f"        {shortened(one.message.text, 90, '…')}", style="dim")


def _show_changes(edits: Edits, routing: Routing | None) -> None:
    for each in edits.diff().splitlines():
        line(each, style=_STYLES.get(each[:1], ""))
    for refused in edits.refused:
        remark(refused)
    if routing is None:
        return
    for group in routing.groups:
        line(f"{group.name}: {_counted(group.before)} -> {_counted(group.after)}")
    line(f"tests: {routing.passed_before} of {routing.tests} pass, then {routing.passed_after}")
    for name in routing.dropped:
        remark(f"{name}: left out, since tests of other intents would fail")


_STYLES = {"+": "green", "-": "red", "@": "dim"}


def _counted(decisions: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {name}" for name, number in decisions)


def _as_data(
    found: Discovery, edits: Edits, routing: Routing | None, copies: Path | None
) -> dict[str, Any]:
    return {
        "looked_at": found.looked_at,
        "alone": found.alone,
        "answered_now": found.answered_now,
        "groups": [_group_data(each, edits) for each in found.groups],
        "hidden": [
            {"messages": len(each.messages), "people": each.people} for each in found.hidden
        ],
        "diff": edits.diff(),
        "refused": edits.refused,
        "routing": routing.to_json() if routing else None,
        "copies": str(copies) if copies else None,
    }


def _group_data(each: MissedGroup, edits: Edits) -> dict[str, Any]:
    return {
        "name": each.name,
        "messages": [one.message.text for one in each.messages],
        "people": each.people,
        "why": {why.name.lower(): number for why, number in each.why.items()},
        "nearest": {"intent": each.nearest.intent, "score": round(each.nearest.score, 4)},
        "help": each.help.name.lower(),
        "target": each.target,
        "article": {"name": each.article.name, "score": round(each.article.score, 4)},
        "written": list(edits.written.get(each.name, ())),
    }
