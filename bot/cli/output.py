"""How commands talk to people: remarks on standard error never mix with data."""

from __future__ import annotations

from rich.text import Text

from bot.cli.options import stderr


def heading(text: str) -> None:
    """Say what has been done."""
    stderr().print(Text(text, style="bold green"), soft_wrap=True)


def remark(text: str) -> None:
    """Say something worth knowing."""
    stderr().print(Text(text), soft_wrap=True)


def next_step(command: str) -> None:
    """Say what to do now."""
    stderr().print(Text.assemble("next: ", (command, "bold")), soft_wrap=True)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "intent"), count(2, "intent"), count(2, "reply", "replies")
    ('1 intent', '2 intents', '2 replies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
