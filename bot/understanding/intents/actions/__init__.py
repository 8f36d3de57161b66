"""`actions.yaml` in the intents folder: what the bot can do in the shop."""

from bot.understanding.intents.actions.file import STEM, read_actions_file
from bot.understanding.intents.actions.info import action_info, action_infos
from bot.understanding.intents.actions.names import CUSTOMER, KEY, RESERVED
from bot.understanding.intents.actions.proof_schema import ProofActions
from bot.understanding.intents.actions.schema import (
    NO_ACTIONS,
    Action,
    ActionsFile,
    HttpCall,
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
    "action_info",
    "action_infos",
    "read_actions_file",
]
