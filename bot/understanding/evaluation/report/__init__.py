"""The HTML report of `frontdesk eval`: figures, confusions, and advice for each."""

from bot.understanding.evaluation.report.build import build_report
from bot.understanding.evaluation.report.contents import Report, ReportSource
from bot.understanding.evaluation.report.page import render, write_report

__all__ = ["Report", "ReportSource", "build_report", "render", "write_report"]
