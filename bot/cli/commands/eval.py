"""`frontdesk eval`: measures the model on labelled messages, or by cross-validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings, stdout
from bot.cli.output import heading, remark

if TYPE_CHECKING:
    from rich.table import Table

    from bot.config.schema import Config
    from bot.understanding.evaluation.evaluate import Evaluation, Figure, LabelledText
    from bot.understanding.evaluation.predictions import LabelledPrediction
    from bot.understanding.evaluation.report import Report
    from bot.understanding.model.error_bound import ErrorBound, LabelledPredictions
    from bot.understanding.model.registry import Manifest

MEANINGS = {
    "accuracy": "right, over all messages",
    "in_scope_accuracy": "right intent, over messages that have one",
    "oos_recall": "not answered, over out-of-scope messages",
    "mcc": "Matthews correlation at the threshold",
    "auroc": "how well confidence separates in scope from out of scope",
    "ece": "calibration error: confidence against truth",
    "answered": "answered by an intent",
    "wrong_of_answered": "answered wrongly, over the answered",
    "oos_answered": "answered, over out-of-scope messages",
    "coverage_at_10": "largest share answered with 10 % of it wrong",
    "coverage_at_20": "largest share answered with 20 % of it wrong",
    "coverage_at_30": "largest share answered with 30 % of it wrong",
}
SHOWN = 10
"""Maximum number of confusion pairs and labels shown."""


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="CSV with the columns text, label; absent: cross-validation of the intent files.",
        ),
    ] = None,
    config: ConfigOption = None,
    out_of_scope: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="The label of out-of-scope messages."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write report.html there.")
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option("--calibrate", help="Enforce `max_wrong` by these messages from now on."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Measure the model on labelled messages or, without a file, by cross-validation."""
    from bot.understanding.evaluation.report import write_report

    if calibrate and file is None:
        raise typer.BadParameter("needs FILE: examples are easier than what customers write")
    loaded = settings(config)
    if file is None:
        found = _cross_validation(loaded)
    else:
        found = _on_file(loaded, file, out_of_scope, calibrate=calibrate)
    written = None if report is None else write_report(found, report)
    if json:
        print_json(found.to_json())
        return
    _show(found.evaluation, "examples" if file is None else "messages")
    if calibrate:
        _show_error_bounds(found.error_bounds)
    if written is not None:
        heading(f"\n{written} written")


def _on_file(loaded: Config, file: Path, out_of_scope: str | None, *, calibrate: bool) -> Report:
    """Evaluate labelled messages; with `calibrate`, store the predictions for `max_wrong`."""
    from bot.understanding.evaluation.predictions import (
        as_labelled_predictions,
        labelled_predictions,
    )
    from bot.understanding.exchange import read_labelled
    from bot.understanding.model.classifier import load_version
    from bot.understanding.model.registry import ModelRegistry

    rows, version = read_labelled(file), ModelRegistry(loaded.model).current()
    classifier = load_version(version, policy=loaded.classifier.policy)
    manifest = classifier.manifest
    _doubt_labels(rows, manifest, out_of_scope)
    judged = labelled_predictions(classifier, rows, out_of_scope)
    seen = as_labelled_predictions(judged, manifest)
    if calibrate:
        seen.write(version)
    return _report(loaded, manifest, judged, seen, name=file.name)


def _cross_validation(loaded: Config) -> Report:
    from bot.cli.progress import progress
    from bot.publishing.traffic import training_corpus
    from bot.publishing.train import stored_predictions, training_options
    from bot.understanding.intents import load_intents
    from bot.understanding.model.error_bound import LabelledPredictions
    from bot.understanding.training.cross_validation import cross_validated

    intents = load_intents(loaded.intents, default_language=loaded.language.default)
    corpus = training_corpus(loaded, intents)
    with progress() as shown:
        manifest, judged = cross_validated(
            corpus,
            loaded.model,
            options=training_options(loaded),
            progress=shown,
            policy=loaded.classifier.policy,
        )
    return _report(
        loaded, manifest, judged, stored_predictions(loaded.model) or LabelledPredictions.none()
    )


def _report(
    loaded: Config,
    manifest: Manifest,
    judged: Sequence[LabelledPrediction],
    labelled: LabelledPredictions,
    *,
    name: str = "",
) -> Report:
    """Build a report.

    Args:
        loaded: The configuration.
        manifest: Manifest of the evaluated model.
        judged: Its predictions for labelled texts.
        labelled: Customers' messages that error bounds are verified on.
        name: Name of the file of messages; empty: the texts are examples.
    """
    from bot.clock import SystemClock
    from bot.privacy.pseudonyms import masked
    from bot.understanding.evaluation.report import ReportSource, build_report

    model = manifest.version if name else ""
    source = ReportSource(
        name or "cross-validation", model, f"{SystemClock().now():%Y-%m-%d %H:%M} UTC"
    )
    return build_report(
        manifest,
        judged,
        source,
        labelled=labelled,
        max_wrong=loaded.classifier.max_wrong,
        mask=masked,
    )


def _doubt_labels(
    rows: Sequence[LabelledText], manifest: Manifest, out_of_scope: str | None
) -> None:
    """Report labels that no prediction can match."""
    known = {name for entry in manifest.intents for name in (entry.name, entry.label)}
    labels = Counter(row.label for row in rows)
    if out_of_scope is not None and out_of_scope not in labels:
        remark(f"no row has the label {out_of_scope!r} of --out-of-scope")
    strange = [label for label, _ in labels.most_common() if label not in {*known, out_of_scope}]
    if strange:
        more = ", ..." if len(strange) > SHOWN else ""
        listed = ", ".join(map(repr, strange[:SHOWN]))
        remark(f"no intents of the model, so never right: {listed}{more}")


def _show(evaluation: Evaluation, what: str) -> None:
    console = stdout()
    console.print(f"{evaluation.n:,} {what}; in brackets the 95 % interval\n")
    console.print(_figures(evaluation))
    if evaluation.confusions:
        console.print("\nmost often confused")
        console.print(_confusions(evaluation))


def _show_error_bounds(error_bounds: Sequence[ErrorBound]) -> None:
    console = stdout()
    console.print("\nverified on these messages; `max_wrong` enforces it from the next start")
    for each in error_bounds:
        console.print(f"at most {each.max_wrong * 100:g} % of the answers wrong: {_verdict(each)}")


def _verdict(bound: ErrorBound) -> str:
    if bound.threshold is None:
        return f"unknown: label {bound.missing:,} more messages"
    return (
        f"answers {bound.answered * 100:.1f} % of the messages, from confidence "
        f"{bound.threshold:.2f}; here {bound.wrong * 100:.1f} % of the answers are wrong"
    )


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
    """Format a figure and its interval: shares in per cent, others unchanged.

    >>> from bot.understanding.evaluation.evaluate import Figure
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
