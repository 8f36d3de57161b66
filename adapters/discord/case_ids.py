"""Custom ids of buttons and modals for staff: they name act, case and what the act is about.

They are no secret: whoever presses is checked at each act.
"""

from __future__ import annotations

from typing import Final, cast, get_args

from adapters.discord.heard import CASE_PREFIX
from bot.messages import CaseAct

CUSTOM_ID_LIMIT: Final = 100

_ACTS: Final = frozenset(get_args(CaseAct))
_DIGITS: Final = 18


def case_id(act: CaseAct, case: int, about: str = "") -> str:
    """Return the custom id of a button.

    >>> case_id("retry", 7, "42"), case_id("claim", 7)
    ('frontdesk-case:retry:7:42', 'frontdesk-case:claim:7')
    """
    return CASE_PREFIX + ":".join(filter(None, (act, str(case), about)))


def read_case_id(custom_id: str) -> tuple[CaseAct, int, str] | None:
    """Return act, case and what it is about; None for a custom id of another kind.

    >>> read_case_id("frontdesk-case:retry:7:42"), read_case_id("frontdesk-case:dance:7")
    (('retry', 7, '42'), None)
    """
    if not custom_id.startswith(CASE_PREFIX):
        return None
    act, _, rest = custom_id.removeprefix(CASE_PREFIX).partition(":")
    case, _, about = rest.partition(":")
    if act not in _ACTS or not (case.isdecimal() and case.isascii() and len(case) <= _DIGITS):
        return None
    return cast("CaseAct", act), int(case), about
