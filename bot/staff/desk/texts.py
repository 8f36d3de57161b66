"""What the desk says to staff, in English: in case threads, and to whoever has acted."""

from __future__ import annotations

from bot.staff.quoting import named
from bot.storage.case_acts import ActResult, Outcome

WARNING = "\N{WARNING SIGN}"

CUSTOMER = "Customer"

STAFF_ONLY = "Cases are for staff only."

OWN_LINES_ONLY = "Only a line of a case thread can be sent to its customer."

LABELS = {
    "claim": "Claim",
    "assign": "Assign",
    "reply": "Reply",
    "return": "Return to bot",
    "close": "Close",
}
"""Labels of the buttons under a case."""

_DONE = {
    "claim": "Case {case} is yours.",
    "assign": "Case {case} belongs to {assignee} now.",
    "reply": "On its way to the customer.",
    "send": "On its way to the customer.",
    "use": "On its way to the customer.",
    "return": "Case {case} is closed, and the bot answers again.",
    "close": "Case {case} is closed.",
    "retry": "Sent again.",
}

_OTHERWISE = {
    Outcome.TAKEN: "{assignee} has case {case}.",
    Outcome.CLOSED: "Case {case} is closed.",
    Outcome.OTHER_OPEN: "Case {case} is closed; the customer has case {other} now: go on there.",
    Outcome.UNKNOWN: "That is not there any more.",
    Outcome.REFUSED: STAFF_ONLY,
    Outcome.EMPTY: "There is nothing to send.",
}


def said(act: str, result: ActResult, assignee: str = "") -> str:
    """Return what whoever acted is told.

    Args:
        act: What was done.
        result: What came of it.
        assignee: Name of the member of staff who has the case now.
    """
    if result.detail:
        return result.detail
    text = _DONE[act] if result.done else _OTHERWISE[result.outcome]
    who = assignee or f"`{result.assignee}`"
    return text.format(case=result.case, assignee=who, other=result.other)


def who(name: str, key: str) -> str:
    """Return how a person is named in a case thread.

    >>> who("Ann *Lee*", "chat:T1:U1"), who("", "chat:T1:U1")
    ('Ann Lee', '`chat:T1:U1`')
    """
    return named(name) or f"`{key}`"
