"""How commands talk to people: what was asked for on stdout, the rest on stderr."""

from __future__ import annotations

from rich.text import Text

from bot.cli.options import stderr, stdout


def heading(text: str) -> None:
    """Say what has been done."""
    stdout().print(Text(text, style="bold green"), soft_wrap=True)


def line(text: str, *, style: str = "") -> None:
    """Print a line of a report; it is never broken, so that it can be searched for."""
    stdout().print(Text(text, style=style), soft_wrap=True)


def next_step(command: str) -> None:
    """Say what to do now."""
    stdout().print(Text.assemble("next: ", (command, "bold")), soft_wrap=True)


def remark(text: str) -> None:
    """Say something worth knowing that was not asked for."""
    stderr().print(Text(text), soft_wrap=True)


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "intent"), count(1_000, "intent")
    ('1 intent', '1,000 intents')
    """
    return f"{number:,} {noun if number == 1 else noun + 's'}"
