"""`frontdesk import`: intents from elsewhere, as drafts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, print_json
from bot.cli.output import count, heading, line, next_step

if TYPE_CHECKING:
    from bot.understanding.importing import ImportReport

app = typer.Typer(no_args_is_help=True, help="Bring in intents from elsewhere, as drafts.")


@app.callback()
def _group() -> None:
    pass


@app.command("csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns text, label.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the intent files.")],
    json: JsonOption = False,
) -> None:
    """Turn labelled messages into intent files; what they answer is left for you to write."""
    from bot.understanding.importing import import_csv as run

    report = run(file, to)
    if json:
        print_json(_as_data(report))
        return
    heading(f"{to}: {count(report.intents, 'intent')}, {count(report.examples, 'example')}")
    for remark in report.remarks():
        line(f"  {remark}")
    next_step(f"write replies and take out `draft: true` in {to}, then: frontdesk check")


def _as_data(report: ImportReport) -> dict[str, object]:
    return {
        **asdict(report),
        "files": [str(path) for path in report.files],
        "renamed": dict(report.renamed),
    }
