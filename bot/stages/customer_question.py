"""What staff read of a customer's question: their own words, and what was sent before."""

from __future__ import annotations

from bot.conversations.attachments import attachments_in, without_attachments
from bot.messages import Pressed
from bot.responder import Turn


def customer_question(turn: Turn) -> str:
    """Return the question in the customer's words, with a line for each file sent before."""
    said = [entry.text for entry in turn.conversation.turns if entry.role == "customer"]
    pressed = isinstance(turn.event, Pressed)
    asked = turn.text if pressed else turn.message.text
    sent = dict.fromkeys(line for text in said for line in attachments_in(text))
    lines = [asked or without_attachments("".join(said[-1:])), *sent]
    return "\n".join(line for line in lines if line)
