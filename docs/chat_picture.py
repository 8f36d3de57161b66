"""Draws docs/chat.svg: a chat with the example shop, in the replies of its intent files.

    python docs/chat_picture.py

writes the picture anew; a test compares it with what is stored.
"""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from adapters.terminal.prose import Narrow, prose
from bot.answering.replies import Replies
from bot.understanding.intents import load_intents

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "chat.svg"
CHAT = (("where is my order 48213?", "order_status"), ("can i return worn boots", "return_item"))
"""What a customer writes, and the intent that is recognised: both are tested on the shop."""


def draw() -> str:
    """Return the picture as SVG."""
    replies = Replies(
        load_intents(ROOT / "intents"),
        language_default="en",
        values={"bot": "Frontdesk", "contact": "help@example.com"},
    )
    console = Console(
        record=True, width=92, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    for text, intent in CHAT:
        answer = replies.answer(intent, language="en", platform="terminal", seed=text)
        if answer is None:
            raise LookupError(f"the example shop does not answer {intent}")
        console.print(f"[bold cyan]you[/] › {text}")
        console.print(Narrow(prose(answer.markdown)))
        if answer.suggestions:
            titles = (replies.title(name, language="en") for name in answer.suggestions)
            console.print("  [dim]" + "   ".join(f"{n}. {t}" for n, t in enumerate(titles, 1)))
        console.print()
    return console.export_svg(title="frontdesk chat", unique_id="frontdesk")


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
