"""Reads Rasa projects: YAML of Rasa 2 and 3, Markdown and JSON of Rasa 1."""

from bot.understanding.exchange.rasa.legacy import is_rasa_json
from bot.understanding.exchange.rasa.project import read_rasa

__all__ = ["is_rasa_json", "read_rasa"]
