"""`frontdesk diff`: lists the messages that another model would decide differently."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.message_files import read_messages
from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, line

if TYPE_CHECKING:
    from bot.understanding.evaluation.model_diff import Difference

SHOWN = 10
"""Messages listed per group; `--json` has all of them."""

_WHICH = "A model folder, a version, a folder of intent files, or a revision of git."


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_WHICH)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_WHICH)],
    messages: Annotated[
        Path,
        typer.Option(metavar="FILE", help="CSV with a column text, or a text file, one a line."),
    ],
    config: ConfigOption = None,
    fail_on_change: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Exit 1 when N or more decisions change."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show every message that NEW decides differently from OLD."""
    from bot.cli.progress import progress
    from bot.publishing.model_refs import open_model
    from bot.understanding.evaluation.model_diff import compare

    loaded, texts = settings(config), read_messages(messages)
    with TemporaryDirectory(prefix="frontdesk-") as temporary, progress() as shown:
        before = open_model(old, loaded, Path(temporary, "old"), shown)
        after = open_model(new, loaded, Path(temporary, "new"), shown)
        difference = compare(before, after, texts)
    if json:
        print_json(difference.to_json())
    else:
        _show(difference)
    if fail_on_change is not None and difference.count >= fail_on_change:
        raise typer.Exit(1)


def _show(difference: Difference) -> None:
    for change in difference.changes:
        line(f"{change.before} -> {change.after}: {count(len(change.texts), 'message')}")
        for text in change.texts[:SHOWN]:
            line(f"    {' '.join(text.split())}", style="dim")
        if len(change.texts) > SHOWN:
            line(f"    and {len(change.texts) - SHOWN:,} more")
    line(f"{difference.count:,} of {count(difference.messages, 'message')} would change")
