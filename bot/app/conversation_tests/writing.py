"""Writes conversation files that read back as they were meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.app.conversation_tests.schema import ConversationEntry, Expectation, TurnEntry
from bot.yamlfile import scalar

STEP = "  "


def conversation_file(conversations: Sequence[ConversationEntry]) -> str:
    """Return a file of conversations of a chat: what is said and pressed, and what comes of it."""
    lines = ["version: 1", "conversations:"]
    for entry in conversations:
        lines += _entry(entry)
    return "\n".join(lines) + "\n"


def _entry(entry: ConversationEntry) -> Iterator[str]:
    yield f"  - name: {scalar(entry.name)}"
    yield f"    seed: {scalar(entry.seed)}"
    yield "    turns:"
    for turn in entry.turns:
        yield from _turn(turn)


def _turn(turn: TurnEntry) -> Iterator[str]:
    key, text = ("say", turn.say) if turn.say is not None else ("press", turn.press)
    yield f"      - {key}: {scalar(text or '')}"
    if turn.expect is not None:
        yield "        expect:"
        yield from (f"{STEP * 5}{line}".rstrip() for line in _expectation(turn.expect))


def _expectation(expected: Expectation) -> Iterator[str]:
    if expected.decision is not None:
        yield f"decision: {expected.decision}"
    if expected.intent is not None:
        yield f"intent: {_list(expected.intent)}"
    if expected.silence is not None:
        yield f"silence: {str(expected.silence).lower()}"
    for text in expected.reply.equals if expected.reply else ():
        yield "reply:"
        yield from _text("equals", text)
    for key, names in (("buttons", expected.buttons), ("sources", expected.sources)):
        if names is not None:
            yield f"{key}: {_list(names)}"
    if expected.visibility is not None:
        yield f"visibility: {expected.visibility}"


def _list(names: Sequence[str]) -> str:
    """Return names in one line; commas cut plain text there, and YAML 1.1 question marks do."""
    return f"[{', '.join(_quoted(name) for name in names)}]"


def _quoted(name: str) -> str:
    written = scalar(name)
    ends = any(sign in written for sign in ",?")
    return f'"{written}"' if ends and not written.startswith('"') else written


def _text(key: str, text: str) -> Iterator[str]:
    """Return a text, line by line where that is the same text."""
    lines = text.split("\n")
    if len(lines) == 1 or not _fits_a_block(lines):
        yield f"{STEP}{key}: {scalar(text)}"
        return
    yield f"{STEP}{key}: |-"
    yield from (f"{STEP * 2}{line}".rstrip() for line in lines)


def _fits_a_block(lines: Sequence[str]) -> bool:
    """Return whether a literal block has the same lines: printable, and not indented."""
    whole = bool(lines[0].strip() and lines[-1].strip())
    return whole and all(
        line.isprintable() and line == line.strip() and "\ufeff" not in line for line in lines
    )
