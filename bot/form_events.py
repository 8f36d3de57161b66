"""What happens to forms, as reasons of decisions: for `/why`, metrics and `frontdesk doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from bot.decisions import without_part

FormEnding = Literal[
    "done",
    "stopped",
    "person",
    "given_up",
    "failed",
    "unproven",
    "nothing_to_choose",
    "expired",
    "outdated",
]
"""How a form ends: `given_up`: asked three times in vain; `failed`: an action failed or the shop is
down; `outdated`: what it asks for was changed."""

FormEvent = Literal["begun", "gpt_taken", "gpt_refused", "gpt_failed", FormEnding]
"""`gpt_*`: what came of asking GPT for a command."""

BEGINNING = "form "
_EVENTS = frozenset(get_args(FormEvent))


def form_event(intent: str, event: FormEvent) -> str:
    """Return an event as a reason.

    >>> form_event("order_status", "begun")
    'form order_status: begun'
    """
    return f"{BEGINNING}{intent}: {event}"


def form_events(reasons: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield intent and event of each reason that is one.

    >>> list(form_events(["form order_status: begun", "the model is sure", "2: form swap: done"]))
    [('order_status', 'begun'), ('swap', 'done')]
    """
    for told in map(without_part, reasons):
        intent, _, event = told.removeprefix(BEGINNING).partition(": ")
        if told.startswith(BEGINNING) and event in _EVENTS:
            yield intent, event
