"""`frontdesk schema`: prints the JSON Schema of intent files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import heading


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; printed when absent.")
    ] = None,
) -> None:
    """Print the JSON Schema of intent files, for completion and checks in editors."""
    from bot.understanding.intents import intent_file_schema

    text = json.dumps(intent_file_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    heading(f"{output} written")
