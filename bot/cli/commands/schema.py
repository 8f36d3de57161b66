"""`frontdesk schema`: the JSON Schema of intent, action and conversation files, for editors."""

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
    conversations: Annotated[
        bool, typer.Option("--conversations", help="The schema of conversation files instead.")
    ] = False,
    actions: Annotated[
        bool, typer.Option("--actions", help="The schema of actions.yaml instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of intent files, with which editors complete and check them."""
    if conversations and actions:
        raise typer.BadParameter("one schema at a time", param_hint="--actions")
    if actions:
        from bot.understanding.intents.actions.json_schema import actions_file_schema_text

        text = actions_file_schema_text()
    elif conversations:
        from bot.app.conversation_tests.schema import conversation_file_schema

        text = json.dumps(conversation_file_schema(), ensure_ascii=False, indent=2) + "\n"
    else:
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
