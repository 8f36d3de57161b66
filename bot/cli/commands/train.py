"""`frontdesk train`: trains a model from intents and articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings
from bot.cli.output import count, heading, line, next_step, remark

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.publishing.full_training import FullTrainingResult
    from bot.publishing.train import TrainingReport


def train(
    config: ConfigOption = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Fine-tune BERT end to end: more accurate, takes minutes."),
    ] = False,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Do nothing when the model is up to date.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--background", help="With --full: continue in the background.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Train on the intents and index the articles; a running bot switches to them at once.

    A full model becomes active if it is significantly better than the quick one.
    """
    from bot.cli.progress import progress
    from bot.publishing.full_training import train_fully
    from bot.publishing.publish import choose
    from bot.publishing.train import needs_training, train_everything

    loaded = settings(config)
    if if_changed and not needs_training(loaded):
        if json:
            print_json({"up_to_date": True})
        else:
            line("the model is up to date")
        return
    if background:
        _start_aside(loaded, config, full=full)
        return
    verdict = None
    with progress() as shown:
        if full:
            report, verdict = train_fully(loaded, progress=shown, trained_by=operator())
        else:
            report = train_everything(loaded, progress=shown, trained_by=operator())
    if verdict is None or verdict.serves:
        choose(loaded, report.version, operator())
    _show(report, verdict, json=json)


def _show(report: TrainingReport, verdict: FullTrainingResult | None, *, json: bool) -> None:
    """Print what was trained."""
    if json:
        comparison = {"verdict": verdict.name.lower()} if verdict else {}
        print_json({"up_to_date": False, **report.to_json(), **comparison})
        return
    learned = f"{count(report.learned, 'learned message')}, " if report.learned else ""
    heading(
        f"model {report.version}: {count(report.intents, 'intent')}, "
        f"{count(report.examples, 'example')}, {learned}{count(report.articles, 'article')}, "
        f"{report.seconds:.1f} s"
    )
    if verdict is not None:
        remark(verdict.value)
    next_step("frontdesk chat")


def _start_aside(loaded: Config, config: Path | None, *, full: bool) -> None:
    """Start a full training in the background.

    Raises:
        BadParameter: A quick training takes seconds, and needs no background.
    """
    from bot.publishing.full_training import LOG, train_fully_in_subprocess

    if not full:
        raise typer.BadParameter(
            "only a training with --full can run in the background", param_hint=""
        )
    named = ["--config", str(config)] if config else []
    process = train_fully_in_subprocess(["train", "--full", *named], loaded.model)
    heading(f"training in process {process}; {loaded.model / LOG} shows its progress")
