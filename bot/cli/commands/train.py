"""`frontdesk train`: intents and articles into a model."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operator import operator
from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, heading, line, next_step


def train(
    config: ConfigOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Fine-tune BERT end to end: better, takes minutes.")
    ] = False,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Do nothing when the model is up to date.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Learn the intents and index the articles; a bot that runs answers with them at once."""
    from bot.cli.progress import progress
    from bot.live.publishing import choose
    from bot.live.training import needs_training, train_everything

    loaded = settings(config)
    if if_changed and not needs_training(loaded):
        if json:
            print_json({"up_to_date": True})
        else:
            line("the model is up to date")
        return
    with progress() as shown:
        report = train_everything(loaded, full=full, progress=shown, trained_by=operator())
    choose(loaded, report.version, operator())
    if json:
        print_json({"up_to_date": False, **report.to_json()})
        return
    heading(
        f"model {report.version}: {count(report.intents, 'intent')}, "
        f"{count(report.examples, 'example')}, {count(report.articles, 'article')}, "
        f"{report.seconds:.1f} s"
    )
    next_step("frontdesk chat")
