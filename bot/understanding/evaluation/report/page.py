"""Renders a report as one self-contained HTML file, without scripts or network access."""

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
"""Maximum number of confusions on the page; the JSON has them all."""

_MEANINGS = {
    "accuracy": ("right", "of all texts: the right intent answered, or out of scope unanswered"),
    "in_scope_accuracy": ("right intent", "of in-scope texts, whatever the confidence"),
    "answered": ("answered", "of all texts, without a clarifying question"),
    "wrong_of_answered": ("wrong answers", "of all answers"),
    "oos_recall": ("left unanswered", "of out-of-scope texts"),
    "ece": ("calibration error", "mean difference between confidence and accuracy"),
}


def write_report(report: Report, folder: Path) -> Path:
    """Write the page into a folder, which is created if necessary.

    Returns:
        The file.

    Raises:
        FrontdeskError: It cannot be written.
    """
    path = folder / FILE
    # Characters that UTF-8 cannot encode, such as lone surrogates, become question marks.
    page = render(report).encode("utf-8", "replace")
    try:
        private_folder(folder)
        write_private(path, page)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(
            f"{path}: cannot be written ({reason}): name another folder with `--report`"
        ) from error
    return path


def render(report: Report) -> str:
    """Return the HTML page."""
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
        labelled=report.error_bounds[0].labelled,
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
    """Return text as HTML, with backquoted parts as code.

    >>> _code("see `not:` <b>")
    Markup('see <code>not:</code> &lt;b&gt;')
    """
    escaped = str(escape(text))
    return Markup(re.sub(r"`([\w:-]+)`", r"<code>\1</code>", escaped))  # noqa: S704 - escaped


def _share(value: float | None) -> str:
    """Format a share as a percentage.

    >>> _share(0.931), _share(None)
    ('93.1 %', '–')
    """
    return "–" if value is None else f"{value * 100:.1f} %"
