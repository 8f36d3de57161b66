"""`frontdesk export`: examples for other programs, customers' messages for labelling."""

from __future__ import annotations

import asyncio
import csv
import io
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, settings
from bot.cli.output import heading
from bot.errors import FrontdeskError
from bot.files.private_files import private_folder, write_private
from bot.text.control_characters import without_controls

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.storage.questions import AskedQuestion
    from bot.understanding.intents import IntentSet

app = typer.Typer(
    no_args_is_help=True, help="Export examples for other programs, or messages for labelling."
)

OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; printed when absent.")
]


@app.command("csv")
def export_csv(config: ConfigOption = None, output: OutputOption = None) -> None:
    """Write text, label and language of every example."""
    from bot.understanding.exchange import export_csv as run

    _write(run(_intents(config)), output)


@app.command("jsonl")
def export_jsonl(config: ConfigOption = None, output: OutputOption = None) -> None:
    """Write one JSON object a line: text, label and language of every example."""
    from bot.understanding.exchange import export_jsonl as run

    _write(run(_intents(config)), output)


@app.command("rasa")
def export_rasa(config: ConfigOption = None, output: OutputOption = None) -> None:
    """Write Rasa 3 training data: the intents with their examples."""
    from bot.understanding.exchange import export_rasa as run

    _write(run(_intents(config)), output)


@app.command("messages")
def export_messages(
    config: ConfigOption = None,
    output: OutputOption = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Number of days to look back.")] = 30,
    most: Annotated[
        int, typer.Option("--most", min=1, help="Maximum number, drawn at random.")
    ] = 200,
) -> None:
    """Write customers' messages to a CSV file with an empty column `label` to fill in."""
    found = asyncio.run(_asked(settings(config), days))
    drawn = random.sample(found, min(most, len(found)))  # any other choice would be biased
    _write(_to_be_labelled(drawn), output)


async def _asked(config: Config, days: int) -> list[AskedQuestion]:
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.questions import asked

    async with await open_database(config.database, mode=config.database_mode) as database:
        return await asked(database, since=SystemClock().now() - timedelta(days=days))


def _to_be_labelled(messages: list[AskedQuestion]) -> str:
    from bot.privacy.pseudonyms import masked
    from bot.understanding.exchange.cells import to_cell

    text = io.StringIO()
    # Quote everything: a spreadsheet that expects semicolons must not split texts into cells.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(("text", "label", "understood"))
    for one in messages:
        said = without_controls(masked(one.text))
        writer.writerow((to_cell(said), "", to_cell(one.understood)))
    return text.getvalue()


def _intents(config: Path | None) -> IntentSet:
    from bot.understanding.intents import load_intents

    loaded = settings(config)
    return load_intents(loaded.intents, default_language=loaded.language.default)


def _write(text: str, output: Path | None) -> None:
    """Write, or print, exactly this text: line ends within examples are part of them.

    A terminal gets it without control characters.
    """
    if output is None:
        shown = without_controls(text) if sys.stdout.isatty() else text
        typer.get_binary_stream("stdout").write(shown.encode("utf-8", "replace"))
        return
    data = text.encode("utf-8", "replace")
    try:
        private_folder(output.parent)
        write_private(output, data)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(
            f"{output}: cannot be written ({reason}): name another file with --output"
        ) from error
    heading(f"{output} written")
