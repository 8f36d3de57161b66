"""`frontdesk schema`: the JSON Schema of intent files, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import heading


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; printed when absent.")
    ] = None,
) -> None:
    """Print the JSON Schema of intent files, with which editors complete and check them."""
    from bot.config.platforms import find_rules
    from bot.understanding.intents import intent_file_schema_text

    titles = {name: rules.title for name, rules in find_rules().items()}
    text = intent_file_schema_text(titles)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    heading(f"{output} written")
