"""`frontdesk privacy`: exports or erases a person's data."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings, stdout
from bot.cli.output import count, heading, line, next_step, remark

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.privacy.subject_requests import SubjectRequests

T = TypeVar("T")

UserOption = Annotated[
    str, typer.Option("--user", metavar="KEY", help="platform:workspace:user_id")
]

app = typer.Typer(no_args_is_help=True, help="Export or erase a person's data.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def find(
    user_id: Annotated[str, typer.Argument(metavar="USER_ID", help="As the platform shows it.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List the keys of everybody with this id, on any platform."""
    keys = _granted(config, lambda requests: requests.find(user_id))
    if json:
        print_json(keys)
        return
    for key in keys:
        line(key)
    if not keys:
        remark(f"nobody has the id {user_id}")


@app.command()
def export(
    user: UserOption,
    config: ConfigOption = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="JSON file to write.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Export all data of a person; without --to or --json, only show how much there is."""
    if to is None and not json:
        _show(_granted(config, lambda requests: requests.counts(user)))
        next_step("--to FILE or --json for the data itself")
        return
    stored = _granted(config, lambda requests: requests.export(user))
    if json:
        print_json(_plain(stored))
    if to is not None:
        _write(to, stored)
        remark(f"{count(sum(map(len, stored.values())), 'row')} written to {to}")


@app.command()
def forget(
    user: UserOption,
    config: ConfigOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    json: JsonOption = False,
) -> None:
    """Erase all data of a person, while the service runs; only counts remain."""
    if not yes:
        _show(_granted(config, lambda requests: requests.counts(user)))
        typer.confirm("Erase all of this for good?", abort=True, err=True)
    erased = _granted(config, lambda requests: requests.forget(user))
    if json:
        print_json(erased)
        return
    heading(f"forgotten: {count(sum(erased.values()), 'row')} erased")


@app.command()
def unlink(user: UserOption, config: ConfigOption = None) -> None:
    """Unlink a person's account of the shop; they can link it again."""
    linked = asyncio.run(_unlink(settings(config), user))
    heading(f"{user}: {'unlinked' if linked else 'no account was linked'}")


async def _unlink(config: Config, user: str) -> bool:
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.proofs import StoredProofs

    async with await open_database(config.database, mode=config.database_mode) as database:
        return await StoredProofs(database, SystemClock()).unlink(user, actor=operator())


@app.command()
def reapply(
    ledger: Annotated[
        Path | None,
        typer.Argument(metavar="[LEDGER]", help="Erasure log, if not the configured one."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Repeat the erasures in the erasure log: run this after restoring a backup."""
    erased = _granted(config, lambda requests: requests.reapply(), ledger=ledger)
    heading(f"people erased again: {erased}")


def _granted(
    path: Path | None,
    request: Callable[[SubjectRequests], Awaitable[T]],
    *,
    ledger: Path | None = None,
) -> T:
    """Open the database, grant a request, and close it."""
    config = settings(path)

    async def grant() -> T:
        async with _requests(config, ledger or config.privacy.ledger) as requests:
            return await request(requests)

    return asyncio.run(grant())


@asynccontextmanager
async def _requests(config: Config, ledger: Path) -> AsyncIterator[SubjectRequests]:
    from bot.clock import SystemClock
    from bot.privacy.erasure_log import ErasureLog
    from bot.privacy.subject_requests import SubjectRequests
    from bot.storage import open_database
    from bot.understanding.traffic.learned_file import learned_path
    from bot.understanding.traffic.personal import LearnedOfPeople

    log = ErasureLog(ledger)
    files = [LearnedOfPeople(learned_path(config.model), log)]
    async with await open_database(config.database, mode=config.database_mode) as database:
        yield SubjectRequests(database, log, SystemClock(), operator(), files)


def _plain(stored: object) -> object:
    """Convert rows to JSON values: times as ISO 8601."""
    if isinstance(stored, dict):
        return {name: _plain(value) for name, value in stored.items()}
    if isinstance(stored, list):
        return [_plain(value) for value in stored]
    return stored.isoformat() if isinstance(stored, datetime) else stored


def _write(file: Path, stored: object) -> None:
    """Write a file that only its owner can read.

    Raises:
        StorageError: It exists, or cannot be written.
    """
    from json import dumps

    from bot.errors import StorageError
    from bot.files.private_files import OWNER, write_private

    try:
        file.touch(OWNER, exist_ok=False)
        write_private(file, dumps(_plain(stored), ensure_ascii=False, indent=2))
    except OSError as error:
        raise StorageError(
            f"{file}: {os.strerror(error.errno or 0)}: choose another file"
        ) from error


def _show(counts: dict[str, int]) -> None:
    from rich.table import Table

    table = Table("stored", "rows", box=None, pad_edge=False)
    for name, rows in counts.items():
        if rows:
            table.add_row(name.replace("_", " "), f"{rows:,}")
    stdout().print(table)
