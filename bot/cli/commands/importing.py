"""`frontdesk import`: intents from elsewhere, as drafts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, print_json
from bot.cli.output import count, heading, line, next_step

if TYPE_CHECKING:
    from bot.understanding.exchange import ImportReport

app = typer.Typer(no_args_is_help=True, help="Bring in intents from elsewhere, as drafts.")

ToOption = Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the intent files.")]


@app.callback()
def _group() -> None:
    pass


@app.command("csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns text, label.")],
    to: ToOption,
    json: JsonOption = False,
) -> None:
    """Turn labelled messages into intent files; what they answer is left for you to write."""
    from bot.understanding.exchange import import_csv as run

    _show(run(file, to), to, json=json)


@app.command("jsonl")
def import_jsonl(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="One JSON object a line: text, label.")
    ],
    to: ToOption,
    json: JsonOption = False,
) -> None:
    """Turn labelled messages into intent files; what they answer is left for you to write."""
    from bot.understanding.exchange import import_jsonl as run

    _show(run(file, to), to, json=json)


@app.command("rasa")
def import_rasa(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="nlu.yml, or a folder of such.")],
    to: ToOption,
    json: JsonOption = False,
) -> None:
    """Turn Rasa 3 training data into intent files; what cannot be carried over is listed."""
    from bot.understanding.exchange import import_rasa as run

    _show(run(path, to), to, json=json)


def _show(report: ImportReport, to: Path, *, json: bool) -> None:
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
