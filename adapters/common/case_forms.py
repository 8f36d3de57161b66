"""The forms in which staff act on a case: what they are called, and how much they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

FormAct = Literal["reply", "assign", "close"]
"""Acts that a form asks more for."""

REPLY_LIMIT: Final = 3_000
"""Characters of a reply: what the platform whose forms take least takes."""

CLOSING_LIMIT: Final = 1_000


@dataclass(frozen=True, slots=True)
class CaseForm:
    """What a form says; only staff see it.

    Attributes:
        title: At most 24 characters, as the button.
        button: Sends it off.
        label: Of its field, at most 45 characters.
        hint: Below the field.
        limit: Characters that the field takes; 0: it is no text.
        optional: The field may stay empty.
    """

    title: str
    button: str
    label: str
    hint: str = ""
    limit: int = 0
    optional: bool = False


FORMS: Final[Mapping[FormAct, CaseForm]] = {
    "reply": CaseForm(
        title="Reply to the customer",
        button="Send",
        label="What the customer reads",
        hint="Markdown: **bold**, *italic*, `code`, [links](https://...)",
        limit=REPLY_LIMIT,
    ),
    "assign": CaseForm(title="Assign the case", button="Assign", label="Who takes it"),
    "close": CaseForm(
        title="Close the case",
        button="Close",
        label="What came of it",
        hint="For the bot's memory: the customer does not read it.",
        limit=CLOSING_LIMIT,
        optional=True,
    ),
}


def draft_in(markdown: str) -> str:
    r"""Return the drafted reply that a post carries: what it quotes, else all that it says.

    >>> draft_in("**Draft**, not sent:\n\n> It left *today*.\n>\n> Bye.\n\nSource: shipping")
    'It left *today*.\n\nBye.'
    """
    quoted = [line[1:].removeprefix(" ") for line in markdown.split("\n") if line[:1] == ">"]
    return "\n".join(quoted).strip() or markdown.strip()
