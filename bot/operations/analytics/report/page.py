"""Renders statistics as one self-contained HTML file, without scripts or network access."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.errors import FrontdeskError
from bot.files.private_files import private_folder, write_private
from bot.operations.analytics.collect import Analysis
from bot.operations.analytics.figures import Figures
from bot.operations.analytics.report import charts
from bot.operations.analytics.wording import between, duration, percent

SHOWN = 12
"""Maximum number of rows in a chart; weeks: the latest ones."""

LISTED = 50
"""Maximum number of rows in a table; the JSON has them all."""

_TITLES = {
    "week": "By week",
    "channel": "By channel",
    "intent": "By intent",
    "article": "By article",
    "team": "By team",
    "language": "By language",
}


def write_page(analysis: Analysis, path: Path, *, limit: float | None) -> None:
    """Write the page into a file, whose folder is created if necessary.

    Raises:
        FrontdeskError: It cannot be written.
    """
    # Characters that UTF-8 cannot encode, such as lone surrogates, become question marks.
    page = render(analysis, limit=limit).encode("utf-8", "replace")
    try:
        private_folder(path.parent)
        write_private(path, page)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise FrontdeskError(
            f"{path}: cannot be written ({reason}): name another file with --html"
        ) from error


def render(analysis: Analysis, *, limit: float | None) -> str:
    """Return the HTML page.

    Args:
        analysis: What it shows.
        limit: Share of frustrated messages from which staff are alerted; None: they never are.
    """
    period = analysis.period
    return _template().render(
        first=period.since.date(),
        last=(period.until - timedelta(microseconds=1)).date(),
        total=analysis.total,
        charts=_charts(analysis, limit),
        limit=limit,
        tables=[
            (name, _TITLES[name], list(cut.items())[-LISTED if name == "week" else 0 :][:LISTED])
            for name, cut in analysis.cuts.items()
            if cut
        ],
        sizes={name: len(cut) for name, cut in analysis.cuts.items()},
        products=list(analysis.products.items())[:LISTED],
        product_count=len(analysis.products),
        listed=LISTED,
    )


def _charts(analysis: Analysis, limit: float | None) -> Mapping[str, Markup]:
    weeks = list(analysis.cuts["week"].items())[-SHOWN:]
    intents = [item for item in analysis.cuts["intent"].items() if item[1].answers][:SHOWN]
    articles = [item for item in analysis.cuts["article"].items() if item[1].answers][:SHOWN]
    drawn: dict[str, str] = {}
    if any(figures.answers for _, figures in weeks):
        drawn["weeks"] = charts.outcome_bars(weeks, "Answers by week", "weeks")
    if intents:
        drawn["intents"] = charts.outcome_bars(intents, "Answers by intent", "intents")
    if articles:
        drawn["articles"] = charts.outcome_bars(articles, "Answers by article", "articles")
    if any(figures.conversations for _, figures in weeks):
        rows = [(week, figures.handoff) for week, figures in weeks]
        drawn["handoffs"] = charts.share_rows(rows, "Handoff share by week", "handoffs")
    if any(figures.messages for _, figures in weeks):
        rows = [(week, figures.frustrated) for week, figures in weeks]
        drawn["feelings"] = charts.share_rows(
            rows, "Frustrated messages by week", "feelings", limit=limit
        )
    if analysis.total.csat.number:
        drawn["csat"] = charts.score_bars(analysis.total.csat, "Scores after a case", "csat")
    # drawn by `Drawing`, which escapes everything
    return {name: Markup(picture) for name, picture in drawn.items()}  # noqa: S704


@cache
def _template() -> Template:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("bot.operations.analytics.report", ""),
                PackageLoader("bot.understanding.evaluation.report", ""),  # base.css
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "between": between, "duration": duration}
    environment.tests["empty"] = _is_empty
    return environment.get_template("stats.html.j2")


def _is_empty(figures: Figures) -> bool:
    """Return whether there is nothing to show."""
    return not (figures.answers or figures.conversations or figures.messages)
