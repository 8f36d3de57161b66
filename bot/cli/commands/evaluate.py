"""`frontdesk eval`: how good the model is on labelled messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings

if TYPE_CHECKING:
    pass


def evaluate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns text, label.")],
    config: ConfigOption = None,
    out_of_scope: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="The label that means: none of our intents."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Measure the model on labelled messages that it was not trained on."""
    from bot.understanding.classifier import load_classifier
    from bot.understanding.evaluation import evaluate as measure

    loaded = settings(config)
    rows = read_rows(file)
    classifier = load_classifier(loaded.model, threshold=loaded.classifier.threshold)
    evaluation = measure(classifier, rows, out_of_scope_label=out_of_scope).to_json()
    if json:
        print_json(evaluation)
    else:
        _show(evaluation)
