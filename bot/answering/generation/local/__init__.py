"""A local language model: llama.cpp in a child process."""

from bot.answering.generation.local.model import LocalChatModel, check_local

__all__ = ["LocalChatModel", "check_local"]
