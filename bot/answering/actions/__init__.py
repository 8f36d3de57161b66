"""Runs the actions of `actions.yaml`: requests to the shop, and functions in Python."""

from bot.answering.actions.caller import ActionCaller, CallsShop
from bot.answering.actions.confirmation import values_hash
from bot.answering.actions.python import ActionContext, ActionRefused
from bot.answering.actions.rehearsal import RehearsedActions
from bot.answering.actions.runner import ActionRunner, ActionsOfProof

__all__ = [
    "ActionCaller",
    "ActionContext",
    "ActionRefused",
    "ActionRunner",
    "ActionsOfProof",
    "CallsShop",
    "RehearsedActions",
    "values_hash",
]
