"""What is known of a conversation: its key, who owns it, what is open in it."""

from bot.conversations.key import AuthorKey, ConversationKey, MessageId
from bot.ownership import ALLOWED_MOVES, ConversationState, Owner, moves_table

__all__ = [
    "ALLOWED_MOVES",
    "AuthorKey",
    "ConversationKey",
    "ConversationState",
    "MessageId",
    "Owner",
    "moves_table",
]
