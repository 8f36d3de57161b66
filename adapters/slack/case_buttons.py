"""Buttons for staff below posts in case threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, get_args

from adapters.slack.render import Block, Post, Reply, label_of
from adapters.slack.text import escape
from bot.messages import CaseAct
from bot.ports.outbox import CaseButton

CASE_ACTION: Final = "frontdesk_case:"
_ACTS: Final[dict[str, CaseAct]] = {act: act for act in get_args(CaseAct)}
_DIGITS: Final = 18
_ROW_LIMIT: Final = 25  # elements of an actions block


def act_id(button: CaseButton) -> str:
    """Return what a button carries; it is no secret: whoever presses is checked at each act.

    >>> act_id(CaseButton("retry", 7, "Retry", about="31"))
    'retry:7:31'
    """
    return f"{button.act}:{button.case}:{button.about}"


def read_act(text: str) -> tuple[CaseAct, int, str] | None:
    """Read it back: the act, the number of the case, what it is about; None for any other text.

    >>> read_act("retry:7:31"), read_act("retry")
    (('retry', 7, '31'), None)
    """
    act, _, rest = text.partition(":")
    case, separator, about = rest.partition(":")
    number = case.isascii() and case.isdecimal() and len(case) <= _DIGITS
    return (_ACTS[act], int(case), about) if act in _ACTS and separator and number else None


def with_case_buttons(reply: Reply, buttons: Sequence[CaseButton], *, at: int = -1) -> Reply:
    """Return a reply with buttons for staff.

    Args:
        reply: What is posted.
        buttons: In their order.
        at: Number of the post that they stand below.
    """
    if not buttons:
        return reply
    posts = list(reply.posts or (Post(escape(" · ".join(map(_label, buttons))), ()),))
    posts[at] = Post(posts[at].text, (*posts[at].blocks, *_rows(buttons)))
    return replace(reply, posts=tuple(posts))


def _rows(buttons: Sequence[CaseButton]) -> list[Block]:
    """Return rows of buttons; neither they nor their actions may be called the same."""
    return [
        {
            "type": "actions",
            "block_id": f"{CASE_ACTION}{start}",
            "elements": [
                _button(button, start + position)
                for position, button in enumerate(buttons[start : start + _ROW_LIMIT])
            ],
        }
        for start in range(0, len(buttons), _ROW_LIMIT)
    ]


def _button(button: CaseButton, position: int) -> Block:
    shown: Block = {
        "type": "button",
        "action_id": f"{CASE_ACTION}{position}",
        "text": {"type": "plain_text", "text": _label(button)},
        "value": act_id(button),
    }
    return {**shown, "style": button.style} if button.style else shown


def _label(button: CaseButton) -> str:
    return label_of(button.label)
