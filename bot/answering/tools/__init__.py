"""Read-only actions with which GPT may look things up for a customer who is known."""

from bot.answering.tools.arguments import checked_arguments
from bot.answering.tools.offered import OfferedTool, tools_of
from bot.answering.tools.prompt import build_tool_choice
from bot.answering.tools.rows import result_units

__all__ = [
    "OfferedTool",
    "build_tool_choice",
    "checked_arguments",
    "result_units",
    "tools_of",
]
