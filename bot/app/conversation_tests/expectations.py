"""Compares what came of a turn with what the file expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.answering.conditions import written
from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.schema import Expectation

SILENCE = "silence"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not as expected.

    Attributes:
        key: Of the expectation, for example `reply.contains`.
    """

    key: str
    expected: str
    actual: str


def compare(expected: Expectation, reply: Reply) -> tuple[Mismatch, ...]:
    """Return all that is not as expected, in the order of the schema."""
    return tuple(each for check in _CHECKS for each in check(expected, reply))


def _decision(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.decision is not None and expected.decision != reply.kind:
        yield Mismatch("decision", expected.decision, reply.kind)


def _intent(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.intent is not None and expected.intent != reply.intents:
        yield Mismatch("intent", _listed(expected.intent), _listed(reply.intents))


def _silence(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.silence is not None and expected.silence != reply.is_silent:
        wanted = SILENCE if expected.silence else "an answer"
        yield Mismatch("silence", wanted, _text(reply))


def _reply(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.reply is None:
        return
    said = _spaced(reply.text)
    for text in expected.reply.contains:
        if _spaced(text) not in said:
            yield Mismatch("reply.contains", text, _text(reply))
    for text in expected.reply.not_contains:
        if _spaced(text) in said:
            yield Mismatch("reply.not_contains", f"anything but: {text}", _text(reply))
    whole = expected.reply.equals
    if whole and said not in {_spaced(text) for text in whole}:
        yield Mismatch("reply.equals", "\nor\n".join(whole), _text(reply))


def _buttons(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    labels = tuple(button.label for button in reply.buttons)
    if expected.buttons is not None and expected.buttons != labels:
        yield Mismatch("buttons", _listed(expected.buttons), _listed(labels))


def _sources(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.sources is None:
        return
    names = [(source.title, source.url) for source in reply.sources]
    same = len(names) == len(expected.sources) and all(
        wanted in found for wanted, found in zip(expected.sources, names, strict=True)
    )
    if not same:
        titles = tuple(source.title for source in reply.sources)
        yield Mismatch("sources", _listed(expected.sources), _listed(titles))


def _visibility(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    shown = {str(each) for each in reply.shown}
    if expected.visibility is not None and shown != {expected.visibility}:
        yield Mismatch("visibility", expected.visibility, _listed(tuple(sorted(shown))))


def _form(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    actual = reply.form.intent if reply.form else NONE
    if expected.form is not None and expected.form != actual:
        yield Mismatch("form", expected.form, actual)


def _asked(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    form = reply.form
    actual = NONE if form is None else form.asked if form.step == "slots" else form.step
    if expected.asked is not None and expected.asked != actual:
        yield Mismatch("asked", expected.asked, actual or NONE)


def _slots(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    for name, wanted in (expected.slots or {}).items():
        found = _texts(reply.form.value(name) if reply.form else None)
        if found != wanted:
            yield Mismatch(f"slots.{name}", _listed(wanted), _listed(found))


def _calls(expected: Expectation, reply: Reply) -> Iterator[Mismatch]:
    if expected.calls is None:
        return
    wanted = tuple(each.action for each in expected.calls)
    found = tuple(each.action for each in reply.calls)
    if wanted != found:
        yield Mismatch("calls", _listed(wanted), _listed(found))
        return
    for call, made in zip(expected.calls, reply.calls, strict=True):
        for name, value in call.values.items():
            actual = _texts(made.values.get(name))
            if value != actual:
                yield Mismatch(f"calls.{call.action}.{name}", _listed(value), _listed(actual))


_CHECKS: tuple[Callable[[Expectation, Reply], Iterator[Mismatch]], ...] = (
    _decision,
    _intent,
    _silence,
    _reply,
    _buttons,
    _sources,
    _visibility,
    _form,
    _asked,
    _slots,
    _calls,
)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _text(reply: Reply) -> str:
    return reply.text.strip() or (SILENCE if reply.is_silent else "no text")


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - what JSON holds
    """Return a value, or the values of a list, as admins write them."""
    if value is None:
        return ()
    return tuple(written(each) for each in (value if isinstance(value, (list, tuple)) else [value]))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"
