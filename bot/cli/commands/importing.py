"""`frontdesk import`: intents from elsewhere, as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import count, heading, next_step

app = typer.Typer(no_args_is_help=True, help="Bring in intents from elsewhere, as drafts.")


@app.callback()
def _group() -> None:
    pass


@app.command("csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns text, label.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the intent files.")],
) -> None:
    """Turn labelled messages into intent files; what they answer is left for you to write."""
    from bot.understanding.importing import import_csv as run

    report = run(file, to)
    heading(f"{to}: {count(report.intents, 'intent')}, {count(report.examples, 'example')}")
    next_step(f"write replies and take out `draft: true` in {to}, then: frontdesk check")
