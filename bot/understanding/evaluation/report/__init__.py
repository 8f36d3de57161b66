"""The report that `frontdesk eval` makes: one page that shows what is wrong and how to mend it."""

from bot.understanding.evaluation.report.contents import Report, Source, build_report
from bot.understanding.evaluation.report.page import render, write_report

__all__ = ["Report", "Source", "build_report", "render", "write_report"]
