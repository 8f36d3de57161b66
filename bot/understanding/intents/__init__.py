"""Intent files: schema, loading, and checks."""

from bot.understanding.intents.intent_set import Intent, IntentSet, IntentTest
from bot.understanding.intents.json_schema import intent_file_schema, intent_file_schema_text
from bot.understanding.intents.loading import inspect_intents, load_intents
from bot.understanding.intents.schema import IntentEntry, Recommend, ReplyCase
from bot.understanding.intents.slots import Slot

__all__ = [
    "Intent",
    "IntentEntry",
    "IntentSet",
    "IntentTest",
    "Recommend",
    "ReplyCase",
    "Slot",
    "inspect_intents",
    "intent_file_schema",
    "intent_file_schema_text",
    "load_intents",
]
