"""Results of conversation tests, as people and machines read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import ndiff
from typing import TYPE_CHECKING

from rich.text import Text

from bot.cli.options import stdout

if TYPE_CHECKING:
    from bot.app.conversation_tests.expectations import Mismatch
    from bot.app.conversation_tests.runner import FailedTurn, Result

_STYLES = {"-": "red", "+": "green", "?": "dim"}
_LEGEND = "- expected, + actual"


def show_failures(results: Sequence[Result]) -> None:
    """Print each turn that failed, with what was expected and what came."""
    console = stdout()
    if any(result.failures for result in results):
        console.print(Text(_LEGEND, style="dim"), soft_wrap=True)
    for result in results:
        for failure in result.failures:
            for text in _lines(result, failure):
                style = _STYLES.get(text[2:3], "") if text.startswith("    ") else "bold"
                console.print(Text(text, style=style), soft_wrap=True)


def failure_text(failure: FailedTurn) -> str:
    """Return the difference in a turn, for a file."""
    return "\n".join(_differences(failure))


def as_data(result: Result) -> dict[str, object]:
    """Return a result for `--json`."""
    entry = result.test.entry
    return {
        "path": str(result.test.path),
        "line": result.test.line,
        "name": entry.name,
        "passed": not result.failures,
        "seconds": round(result.seconds, 3),
        "failures": [_failure(failure) for failure in result.failures],
    }


def _failure(failure: FailedTurn) -> dict[str, object]:
    reply = failure.reply
    return {
        "turn": failure.number,
        "line": failure.line,
        "what": failure.what,
        "mismatches": [
            {"key": each.key, "expected": each.expected, "actual": each.actual}
            for each in failure.mismatches
        ],
        "decision": reply.kind if reply else None,
        "intents": list(reply.intents) if reply else [],
        "reply": reply.text if reply else None,
        "reasons": list(reply.decision.reasons) if reply and reply.decision else [],
    }


def _lines(result: Result, failure: FailedTurn) -> Iterator[str]:
    place = f"{result.test.path}:{failure.line}"
    yield f"{place}: {result.test.entry.name}: turn {failure.number}: {failure.what}"
    yield from (f"    {text}" for text in _differences(failure))


def _differences(failure: FailedTurn) -> Iterator[str]:
    for mismatch in failure.mismatches:
        yield f"{mismatch.key}"
        yield from (f"  {text}" for text in _difference(mismatch))
    decision = failure.reply.decision if failure.reply else None
    if decision is not None and decision.reasons:
        yield f"because: {'; '.join(decision.reasons)}"


def _difference(mismatch: Mismatch) -> Iterator[str]:
    """Yield what was expected and what came, line by line; a whole reply as a diff."""
    expected, actual = mismatch.expected.splitlines(), mismatch.actual.splitlines()
    if mismatch.key == "reply.equals":
        yield from (text.rstrip() for text in ndiff(expected, actual))
        return
    yield from (f"- {text}" for text in expected)
    yield from (f"+ {text}" for text in actual)
