"""`frontdesk db`: upgrades, backs up, prunes and vacuums the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, heading

if TYPE_CHECKING:
    from bot.config.schema import Config

app = typer.Typer(no_args_is_help=True, help="Maintain the database.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Upgrade the database to the newest schema; `serve` does so when it starts."""
    heading(f"{asyncio.run(_upgrade(settings(config)))} is up to date")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; must not exist.")],
    config: ConfigOption = None,
) -> None:
    """Back up the database to a file; the service may keep running.

    Approved messages of customers are copied to a file beside it.
    """
    loaded = settings(config)
    asyncio.run(_back_up(loaded, file))
    heading(f"{file} written: {count(file.stat().st_size, 'byte')}")
    if learned := _back_up_learned(loaded, file):
        heading(f"{learned} written: {count(learned.stat().st_size, 'byte')}")


@app.command()
def prune(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Delete data older than `retention:` allows; `serve` does so every hour."""
    deleted = asyncio.run(_prune(settings(config)))
    if json:
        print_json(deleted)
    else:
        heading(f"{count(sum(deleted.values()), 'row')} deleted")


@app.command()
def vacuum(config: ConfigOption = None) -> None:
    """Rewrite the SQLite file without deleted data; the service waits meanwhile."""
    asyncio.run(_vacuum(settings(config)))
    heading("the file holds nothing that was deleted")


async def _upgrade(config: Config) -> str:
    from bot.storage import open_database

    async with await open_database(config.database, mode=config.database_mode) as database:
        return database.place


async def _back_up(config: Config, file: Path) -> None:
    from bot.storage import open_database
    from bot.storage.backup import back_up

    async with await open_database(config.database, mode=config.database_mode) as database:
        await back_up(database, file)


def _back_up_learned(config: Config, file: Path) -> Path | None:
    """Copy the approved messages beside a backup of the database; return the copy.

    Raises:
        StorageError: It cannot be written.
    """
    from bot.errors import StorageError
    from bot.files.private_files import protect_file, write_private
    from bot.understanding.traffic.learned_file import learned_path

    source, copy = learned_path(config.model), file.with_name(f"{file.stem}.learned.yaml")
    if not source.exists():
        return None
    try:
        write_private(copy, source.read_bytes())
        protect_file(copy, config.database_mode)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise StorageError(f"{copy}: {reason}: choose another place") from error
    return copy


async def _prune(config: Config) -> dict[str, int]:
    from bot.clock import SystemClock
    from bot.operations.retention_job import limits, prune_learned
    from bot.storage import open_database
    from bot.storage.retention import prune

    now = SystemClock().now()
    async with await open_database(config.database, mode=config.database_mode) as database:
        deleted = await prune(database, limits(config.retention, now))
    return deleted | {"learned": prune_learned(config.model, config.retention, now)}


async def _vacuum(config: Config) -> None:
    from bot.storage import open_database
    from bot.storage.backup import scrub

    async with await open_database(config.database, mode=config.database_mode) as database:
        await asyncio.to_thread(scrub, database)
