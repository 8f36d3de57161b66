"""One self-contained HTML page of statistics."""

from bot.operations.analytics.report.page import render, write_page

__all__ = ["render", "write_page"]
