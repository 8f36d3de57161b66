"""`frontdesk models`: lists trained models, activates one, or rolls back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings, stdout
from bot.cli.output import heading, remark
from bot.errors import ModelError, StorageError

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.understanding.model.registry import Manifest, ModelRegistry

app = typer.Typer(invoke_without_command=True)


@app.callback()
def models(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """List trained models; `promote` and `rollback` choose the active one."""
    if context.invoked_subcommand:
        return
    rows = _rows(_folder(settings(config)))
    if json:
        print_json(rows)
    else:
        _show(rows)


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="As `frontdesk models` lists it, or its hash.")],
    config: ConfigOption = None,
) -> None:
    """Activate a version; running bots switch immediately."""
    loaded = settings(config)
    promoted = _folder(loaded).promote(version)
    _chosen(loaded, promoted.name)
    _audit(loaded, "promote", promoted.name)
    heading(f"{promoted.name} is active")


@app.command()
def rollback(config: ConfigOption = None) -> None:
    """Activate the previous version; running bots switch immediately."""
    loaded = settings(config)
    folder = _folder(loaded)
    left = folder.current().name
    earlier = folder.rollback()
    _chosen(loaded, earlier.name)
    _audit(loaded, "rollback", earlier.name, {"from": left})
    heading(f"{earlier.name} is active")


def _folder(config: Config) -> ModelRegistry:
    from bot.understanding.model.registry import ModelRegistry

    return ModelRegistry(config.model)


def _chosen(config: Config, version: str) -> None:
    """Record the choice, so that the current files are not published over it."""
    from bot.publishing.publish import choose

    choose(config, version, operator())


def _audit(
    config: Config, action: str, version: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Record who chose the version; choosing works even while the database is unavailable."""
    try:
        asyncio.run(_record(config, action, version, detail or {}))
    except StorageError as error:
        remark(f"not recorded in the audit log: {error}")


async def _record(config: Config, action: str, version: str, detail: Mapping[str, Any]) -> None:
    from functools import partial

    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.audit import record_audit

    deed = partial(
        record_audit,
        actor=operator(),
        action=action,
        at=SystemClock().now(),
        subject=version,
        detail=detail,
    )
    async with await open_database(config.database, mode=config.database_mode) as database:
        await database.write(deed)


def _rows(folder: ModelRegistry) -> list[dict[str, object]]:
    """Describe each version, newest first; a damaged one by its error.

    Raises:
        ModelError: Nothing has been trained yet.
    """
    from bot.understanding.model.registry import read_manifest

    current = folder.current()
    rows: list[dict[str, object]] = []
    for path in reversed(folder.versions()):
        row: dict[str, object] = {"version": path.name, "current": path == current}
        try:
            rows.append(row | _described(read_manifest(path)))
        except ModelError as error:
            rows.append(row | {"damaged": str(error)})
    return rows


def _described(manifest: Manifest) -> dict[str, object]:
    compared = manifest.comparison
    return {
        "created": manifest.created,
        "trained_by": manifest.trained_by,
        "kind": "full" if manifest.settings.get("full") else "quick",
        "intents": len(manifest.intents),
        "encoder": manifest.encoder,
        "intents_hash": manifest.intents_hash,
        "accuracy": manifest.accuracy,
        "gain": compared.gain if compared else None,
        "p_value": compared.p_value if compared else None,
        "settings": dict(manifest.settings),
    }


def _show(rows: list[dict[str, object]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("", "version", "created", "by", "kind", "intents", "hash", "right", "encoder"):
        table.add_column(name, no_wrap=name in {"version", "created"})
    for row in rows:
        mark = "*" if row["current"] else ""
        if "damaged" in row:
            table.add_row(mark, str(row["version"]), str(row["damaged"]))
            continue
        accuracy = row["accuracy"]
        table.add_row(
            mark,
            str(row["version"]),
            str(row["created"])[:16].replace("T", " "),
            str(row["trained_by"] or "-"),
            str(row["kind"]),
            str(row["intents"]),
            str(row["intents_hash"])[:8],
            f"{accuracy:.1%}" if isinstance(accuracy, float) else "-",
            str(row["encoder"]),
        )
    stdout().print(table)
