"""`frontdesk db`: the database."""

from __future__ import annotations

import asyncio

import typer

from bot.cli.options import ConfigOption, settings
from bot.cli.output import heading

app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@app.callback()
def _group() -> None:
    pass


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Bring the database to the newest schema; `serve` does so by itself when it starts."""
    heading(f"{asyncio.run(_upgrade(settings(config).database))} is up to date")


async def _upgrade(url: str) -> str:
    from bot.storage.engine import open_database

    async with await open_database(url) as database:
        return database.place
