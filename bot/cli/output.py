"""Output of commands: results on stdout, everything else on stderr."""

from __future__ import annotations

from rich.text import Text

from bot.cli.options import stderr, stdout


def heading(text: str) -> None:
    """Print what has been done."""
    stdout().print(Text(text, style="bold green"), soft_wrap=True)


def line(text: str, *, style: str = "") -> None:
    """Print a line of a report; never wrapped, so that it can be searched."""
    stdout().print(Text(text, style=style), soft_wrap=True)


def next_step(command: str) -> None:
    """Print the next step."""
    stdout().print(Text.assemble("next: ", (command, "bold")), soft_wrap=True)


def remark(text: str) -> None:
    """Print a remark on standard error."""
    stderr().print(Text(text), soft_wrap=True)


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "intent"), count(1_000, "intent")
    ('1 intent', '1,000 intents')
    """
    return f"{number:,} {noun if number == 1 else noun + 's'}"
