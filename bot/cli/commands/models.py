"""`frontdesk models`: the models that were trained, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings, stdout
from bot.cli.output import heading
from bot.errors import ModelError

if TYPE_CHECKING:
    from bot.understanding.model_folder import ModelFolder

app = typer.Typer(invoke_without_command=True)


@app.callback()
def models(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """List the models that were trained; `rollback` returns to the one before."""
    if context.invoked_subcommand:
        return
    rows = _rows(_folder(config))
    if json:
        print_json(rows)
    else:
        _show(rows)


@app.command()
def rollback(config: ConfigOption = None) -> None:
    """Let the model before the current one serve again, from the next start."""
    heading(f"{_folder(config).rollback().name} serves from the next start")


def _folder(config: Path | None) -> ModelFolder:
    from bot.understanding.model_folder import ModelFolder

    return ModelFolder(settings(config).model)


def _rows(folder: ModelFolder) -> list[dict[str, object]]:
    """Describe each version, the newest first; a damaged one by what is wrong with it.

    Raises:
        ModelError: Nothing has been trained yet.
    """
    from bot.understanding.model_folder import read_manifest

    current = folder.current()
    rows: list[dict[str, object]] = []
    for path in reversed(folder.versions()):
        row: dict[str, object] = {"version": path.name, "current": path == current}
        try:
            manifest = read_manifest(path)
        except ModelError as error:
            rows.append(row | {"damaged": str(error)})
            continue
        rows.append(
            row
            | {
                "created": manifest.created,
                "intents": len(manifest.intents),
                "encoder": manifest.encoder,
                "intents_hash": manifest.intents_hash,
                "settings": dict(manifest.settings),
            }
        )
    return rows


def _show(rows: list[dict[str, object]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("", "version", "created", "intents", "encoder"):
        table.add_column(name)
    for row in rows:
        mark = "*" if row["current"] else ""
        if "damaged" in row:
            table.add_row(mark, str(row["version"]), str(row["damaged"]))
            continue
        created = str(row["created"])[:16].replace("T", " ")
        table.add_row(mark, str(row["version"]), created, str(row["intents"]), str(row["encoder"]))
    stdout().print(table)
