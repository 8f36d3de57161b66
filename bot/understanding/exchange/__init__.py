"""Import of labelled messages and other bots' projects, and export of intents."""

from bot.understanding.exchange.exporting import export_csv, export_jsonl, export_rasa
from bot.understanding.exchange.importing import (
    import_csv,
    import_dialogflow,
    import_json,
    import_jsonl,
    import_luis,
    import_rasa,
    read_labelled,
)
from bot.understanding.exchange.rasa import TestStories, TestStory, read_test_stories
from bot.understanding.exchange.report import Conflict, ImportReport

__all__ = [
    "Conflict",
    "ImportReport",
    "TestStories",
    "TestStory",
    "export_csv",
    "export_jsonl",
    "export_rasa",
    "import_csv",
    "import_dialogflow",
    "import_json",
    "import_jsonl",
    "import_luis",
    "import_rasa",
    "read_labelled",
    "read_test_stories",
]
