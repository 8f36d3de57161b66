"""Renders a report as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.errors import FrontdeskError
from bot.files.private_files import private_folder, write_private
from bot.understanding.evaluation.report import charts
from bot.understanding.evaluation.report.contents import Report

FILE = "report.html"
SHOWN = 12
"""Confusions that are written out; the JSON has them all."""

_MEANINGS = {
    "accuracy": ("right", "of all texts: the right intent, or silence where none is right"),
    "in_scope_accuracy": ("right intent", "of texts that have one, whatever the confidence"),
    "answered": ("answered", "of all texts, without asking back"),
    "wrong_of_answered": ("wrong answers", "of the answered"),
    "oos_recall": ("left alone", "of texts that are out of scope"),
    "ece": ("calibration error", "confidence against truth, mean distance"),
}


def write_report(report: Report, folder: Path) -> Path:
    """Write the page into a folder, which is made where there is none.

    Returns:
        The file.

    Raises:
        FrontdeskError: It cannot be written.
    """
    path = folder / FILE
    # What no encoding knows, such as half of a surrogate pair, becomes a question mark.
    page = render(report).encode("utf-8", "replace")
    try:
        private_folder(folder)
        write_private(path, page)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(
            f"{path}: cannot be written ({reason}): name another folder with --report"
        ) from error
    return path


def render(report: Report) -> str:
    """Return the page."""
    return _template().render(
        report=report,
        figures=[
            (*_MEANINGS[name], report.evaluation.figures[name])
            for name in _MEANINGS
            if report.evaluation.figures[name].value is not None
        ],
        matrix=_picture(charts.confusion_matrix(report.names, report.matrix)),
        matrix_size=min(len(report.names), charts.SHOWN),
        reliability=_picture(charts.reliability(report.bins)),
        curve=_picture(charts.answered_against_wrong(report.curve, report.today))
        if report.today
        else None,
        labelled=report.promises[0].labelled,
        confusions=report.confusions[:SHOWN],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot.understanding.evaluation.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = _share
    environment.filters["code"] = _code
    return environment.get_template("page.html.j2")


def _picture(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by `Drawing`, which escapes everything


def _code(text: str) -> Markup:
    """Set what stands in backquotes as code.

    >>> _code("see `not:` <b>")
    Markup('see <code>not:</code> &lt;b&gt;')
    """
    escaped = str(escape(text))
    return Markup(re.sub(r"`([\w:-]+)`", r"<code>\1</code>", escaped))  # noqa: S704 - escaped


def _share(value: float | None) -> str:
    """Write a share in percent.

    >>> _share(0.931), _share(None)
    ('93.1 %', '–')
    """
    return "–" if value is None else f"{value * 100:.1f} %"
