"""Proof of identity: who on a platform is which customer of the shop."""

from bot.answering.proof.checking import CheckedProofs
from bot.answering.proof.dialogue import AskedProof
from bot.answering.proof.hashes import Hashes
from bot.answering.proof.key_file import read_key
from bot.answering.proof.linking import LinkedAccounts
from bot.answering.proof.routes import ProofRoutes
from bot.answering.proof.sending import CodeSender

__all__ = [
    "AskedProof",
    "CheckedProofs",
    "CodeSender",
    "Hashes",
    "LinkedAccounts",
    "ProofRoutes",
    "read_key",
]
