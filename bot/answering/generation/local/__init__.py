"""A GPT on this machine: llama.cpp in a process of its own, which can die alone."""

from bot.answering.generation.local.model import LocalChatModel, check_local

__all__ = ["LocalChatModel", "check_local"]
