"""`frontdesk eval`: how good the model is on labelled messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings, stdout
from bot.cli.output import remark
from bot.cli.rows import read_rows

if TYPE_CHECKING:
    from rich.table import Table

    from bot.understanding.evaluation import Evaluation, Figure, LabelledText
    from bot.understanding.model_folder import Manifest

MEANINGS = {
    "accuracy": "right, over all messages",
    "in_scope_accuracy": "right intent, over messages that have one",
    "oos_recall": "not answered, over messages that are none of ours",
    "mcc": "Matthews correlation at the threshold",
    "auroc": "how well confidence tells ours from the rest",
    "ece": "calibration error: confidence against truth",
    "answered": "answered by an intent",
    "wrong_of_answered": "answered wrongly, over the answered",
    "oos_answered": "answered, over messages that are none of ours",
    "coverage_at_10": "most that can be answered with 10 % of it wrong",
    "coverage_at_20": "most that can be answered with 20 % of it wrong",
}
SHOWN = 10
"""Confusion pairs and labels that are listed for people."""


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
    from bot.understanding.evaluation import LabelledText
    from bot.understanding.evaluation import evaluate as measure

    loaded = settings(config)
    rows = [LabelledText(text, label) for text, label in read_rows(file)]
    classifier = load_classifier(loaded.model, threshold=loaded.classifier.threshold)
    _doubt_labels(rows, classifier.manifest, out_of_scope)
    evaluation = measure(classifier, rows, out_of_scope_label=out_of_scope)
    if json:
        print_json(evaluation.to_json())
    else:
        _show(evaluation)


def _doubt_labels(
    rows: Sequence[LabelledText], manifest: Manifest, out_of_scope: str | None
) -> None:
    """Point at labels that no answer can be right for."""
    known = {name for entry in manifest.intents for name in (entry.name, entry.label)}
    labels = Counter(row.label for row in rows)
    if out_of_scope is not None and out_of_scope not in labels:
        remark(f"no row has the label {out_of_scope!r} of --out-of-scope")
    strange = [label for label, _ in labels.most_common() if label not in {*known, out_of_scope}]
    if strange:
        more = ", ..." if len(strange) > SHOWN else ""
        listed = ", ".join(map(repr, strange[:SHOWN]))
        remark(f"no intents of the model, so never right: {listed}{more}")


def _show(evaluation: Evaluation) -> None:
    console = stdout()
    console.print(f"{evaluation.n:,} messages; in brackets the 95 % interval\n")
    console.print(_figures(evaluation))
    if evaluation.confusions:
        console.print("\nmost often confused")
        console.print(_confusions(evaluation))


def _figures(evaluation: Evaluation) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(style="dim")
    for name, figure in evaluation.figures.items():
        table.add_row(name, *_cells(name, figure), MEANINGS.get(name, ""))
    return table


def _cells(name: str, figure: Figure) -> tuple[str, str]:
    """Write a figure and its interval: shares in percent, the others as they are.

    >>> from bot.understanding.evaluation import Figure
    >>> _cells("accuracy", Figure(0.931, 0.92, 0.94))
    ('93.1 %', '[92.0, 94.0]')
    """
    if figure.value is None or figure.low is None or figure.high is None:
        return "-", ""
    if name in {"mcc", "auroc", "ece"}:
        return f"{figure.value:.3f}", f"[{figure.low:.3f}, {figure.high:.3f}]"
    low, high = figure.low * 100, figure.high * 100
    return f"{figure.value * 100:.1f} %", f"[{low:.1f}, {high:.1f}]"


def _confusions(evaluation: Evaluation) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for confusion in evaluation.confusions[:SHOWN]:
        table.add_row(f"{confusion.count:>4}", confusion.expected, f"-> {confusion.predicted}")
    return table
