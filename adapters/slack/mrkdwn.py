"""Slack's mrkdwn, written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapters.slack.emojis import by_name
from adapters.slack.marked_text import Mark, Part, Run, fenced, joined, markdown_of, quoted
from adapters.slack.text import read_label, without_mentions

_FENCE: Final = "```"
_MARKS: Final[dict[str, Mark]] = {"*": "bold", "_": "italic", "~": "strike"}
_TOKEN: Final = re.compile(
    r"<(?P<sequence>[^<>\n]{1,4000})>|`(?P<code>[^`\n]{1,4000})`"
    r"|:(?P<emoji>[a-z0-9_+'-]{1,100}):|(?P<mark>[*_~])"
)
_QUOTE: Final = "&gt;"


def mrkdwn_markdown(text: str, bot_user: str = "") -> str:
    r"""Return a text of Slack's as Markdown.

    Args:
        text: As Slack sends it, with its control sequences.
        bot_user: The bot's own user id, whose mentions are left out; empty: none is.

    >>> mrkdwn_markdown("*Bold* &amp; <https://example.org|here>\n&gt; said <@U2|Ann>", "U1")
    '**Bold** & [here](https://example.org)\n> said @Ann'
    """
    without_bot = without_mentions(text, bot_user) if bot_user else text
    parts: list[Part] = []
    pieces = without_bot.strip().split(_FENCE)
    if len(pieces) % 2 == 0:  # the last one is never closed
        pieces[-2:] = [_FENCE.join(pieces[-2:])]
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append(Part(fenced(_plain(piece.strip("\n"))), "code"))
        else:
            parts += _blocks(piece.strip(" ") if len(pieces) > 1 else piece)
    return joined(parts)


def _blocks(text: str) -> Iterator[Part]:
    """Yield paragraphs and quotations."""
    held: list[str] = []
    quotes = False
    for line in text.strip("\n").split("\n") if text.strip("\n") else ():
        is_quote = line.startswith(_QUOTE)
        if held and is_quote != quotes:
            yield _block(held, quotes=quotes)
            held = []
        quotes = is_quote
        held.append(line)
    if held:
        yield _block(held, quotes=quotes)


def _block(lines: list[str], *, quotes: bool) -> Part:
    if not quotes:
        return Part(markdown_of(_runs("\n".join(lines))))
    said = "\n".join(line.removeprefix(_QUOTE).removeprefix(" ") for line in lines)
    return Part(quoted(markdown_of(_runs(said))), "quote")


@dataclass(slots=True)
class _Token:
    """A piece of text, or a mark that may open or close.

    Attributes:
        mark: Empty for text, and for a mark that stands for itself.
    """

    run: Run
    mark: str = ""
    opens: bool = False
    closes: bool = False


def _runs(text: str) -> Iterator[Run]:
    """Yield the runs of a text: marks hold within a line, as far as they find their partner."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Run("\n")
        yield from _line(list(_tokens(line)))


def _line(tokens: list[_Token]) -> Iterator[Run]:
    partner: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if not token.mark:
            continue
        same = next((each for each in opened if tokens[each].mark == token.mark), None)
        if token.closes and same is not None and same + 1 < number:
            partner[same] = partner[number] = number
            del opened[opened.index(same) :]
        elif token.opens and same is None:
            opened.append(number)
    marks: set[Mark] = set()
    for number, token in enumerate(tokens):
        if number not in partner:
            yield Run(token.run.text, token.run.marks | marks, token.run.url)
        elif partner[number] == number:
            marks.discard(_MARKS[token.mark])
        else:
            marks.add(_MARKS[token.mark])


def _tokens(line: str) -> Iterator[_Token]:
    done = 0
    for found in _TOKEN.finditer(line):
        if found.start() > done:
            yield _Token(Run(_plain(line[done : found.start()])))
        done = found.end()
        yield _token(found)
    if done < len(line):
        yield _Token(Run(_plain(line[done:])))


def _token(found: re.Match[str]) -> _Token:
    if found["sequence"]:
        return _Token(_sequence(found["sequence"]))
    if found["code"]:
        return _Token(Run(_plain(found["code"]), frozenset({"code"})))
    if found["emoji"]:
        return _Token(Run(by_name(found["emoji"])))
    before = found.string[: found.start()][-1:]
    behind = found.string[found.end() : found.end() + 1]
    opens = not before.isalnum() and bool(behind) and not behind.isspace()
    closes = not behind.isalnum() and bool(before) and not before.isspace()
    return _Token(Run(found[0]), found[0], opens, closes)


def _sequence(sequence: str) -> Run:
    """Return what stands between `<` and `>`: a mention, a date or a link."""
    target, _, label = sequence.partition("|")
    target, label = _plain(target), _plain(label)
    if target[:1] in ("@", "#"):
        return Run(f"{target[0]}{label.removeprefix('#') or target[1:]}")
    if target.startswith("!"):
        return Run(label or f"@{target[1:].partition('^')[0]}")
    return Run(label or target, url=target)


def _plain(text: str) -> str:
    """Return text without Slack's entities, and without what made it harmless."""
    return read_label(text)
