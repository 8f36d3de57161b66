"""What became of answers and conversations: counted from what is stored, see docs/statistics.md."""

from bot.operations.analytics.answer_outcomes import Courtesies
from bot.operations.analytics.collect import Analysis, Period, analyse
from bot.operations.analytics.figures import Figures

__all__ = ["Analysis", "Courtesies", "Figures", "Period", "analyse"]
