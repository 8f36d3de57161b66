"""Reads Rasa projects: YAML of Rasa 2 and 3, Markdown and JSON of Rasa 1."""

from bot.understanding.exchange.rasa.legacy import is_rasa_json
from bot.understanding.exchange.rasa.project import read_rasa
from bot.understanding.exchange.rasa.stories import TestStories, TestStory, read_test_stories

__all__ = ["TestStories", "TestStory", "is_rasa_json", "read_rasa", "read_test_stories"]
