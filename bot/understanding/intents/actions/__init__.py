"""`actions.yaml` in the intents folder: what the bot can do in the shop."""

from bot.understanding.intents.actions.file import STEM, read_actions_file
from bot.understanding.intents.actions.names import CUSTOMER, KEY, RESERVED
from bot.understanding.intents.actions.schema import (
    NO_ACTIONS,
    Action,
    ActionsFile,
    HttpCall,
    ProofActions,
)

__all__ = [
    "CUSTOMER",
    "KEY",
    "NO_ACTIONS",
    "RESERVED",
    "STEM",
    "Action",
    "ActionsFile",
    "HttpCall",
    "ProofActions",
    "read_actions_file",
]
