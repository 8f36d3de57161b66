"""`frontdesk export`: what was taught, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, settings
from bot.cli.output import heading
from bot.errors import FrontdeskError

if TYPE_CHECKING:
    from bot.understanding.intents import IntentSet

app = typer.Typer(no_args_is_help=True, help="Hand the examples to other programs.")

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


def _intents(config: Path | None) -> IntentSet:
    from bot.understanding.intents import load_intents

    loaded = settings(config)
    return load_intents(loaded.intents, default_language=loaded.language.default)


def _write(text: str, output: Path | None) -> None:
    """Write, or print, exactly this text: line ends within examples are part of them."""
    data = text.encode("utf-8", "replace")
    if output is None:
        typer.get_binary_stream("stdout").write(data)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(
            f"{output}: cannot be written ({reason}): name another file with --output"
        ) from error
    heading(f"{output} written")
