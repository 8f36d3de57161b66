"""Thumbs under answers on Slack, and the modal that asks for a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from adapters.common.votes import read_vote, vote_id
from adapters.slack.content import Payload
from adapters.slack.destination import place_of
from adapters.slack.render import VOTE_ACTION
from adapters.slack.translate import pressed_message, user_of
from bot.messages import Addressing, Message, Readers, Voted
from bot.ports import Wording
from bot.text.shorten import shortened

REASON_MODAL: Final = "frontdesk_reason"
_BLOCK: Final = "reason"
_TITLE_LIMIT: Final = 24  # also of the buttons of a modal
_LABEL_LIMIT: Final = 45
_REASON_LIMIT: Final = 1_000


def to_voted(body: Payload, action: Payload) -> Voted | None:
    """Translate the press of a thumb; None when Slack does not say where, or it is none of ours."""
    vote = read_vote(str(action.get("value", "")))
    message = pressed_message(body, action)
    if vote is None or message is None:
        return None
    verdict, answer = vote
    unseen = replace(message, text="", addressing=Addressing.EPHEMERAL)
    return Voted(unseen, answer, verdict)


def modal(voted: Voted, action: Payload, wording: Wording) -> dict[str, Any]:
    """Return the modal that asks why a thumb points down."""
    language = str(action.get("action_id", "")).removeprefix(VOTE_ACTION)
    message = voted.message
    kept = {
        "vote": vote_id(voted.verdict, voted.answer),
        "conversation": message.conversation,
        "readers": message.readers,
    }
    return {
        "type": "modal",
        "callback_id": REASON_MODAL,
        "private_metadata": json.dumps(kept),
        "title": _plain(wording.say("feedback_title", language), _TITLE_LIMIT),
        "submit": _plain(wording.say("feedback_send", language), _TITLE_LIMIT),
        "blocks": [
            {
                "type": "input",
                "block_id": _BLOCK,
                "optional": True,
                "label": _plain(wording.say("feedback_reason", language), _LABEL_LIMIT),
                "element": {
                    "type": "plain_text_input",
                    "action_id": _BLOCK,
                    "multiline": True,
                    "max_length": _REASON_LIMIT,
                },
            }
        ],
    }


def to_reason(body: Payload, now: datetime) -> Voted | None:
    """Translate the submission of the modal; None when nothing was written into it.

    Args:
        body: The payload, which tells no time.
        now: When it came.
    """
    view: Mapping[str, Any] = body.get("view") or {}
    values = (view.get("state") or {}).get("values") or {}
    reason = str(((values.get(_BLOCK) or {}).get(_BLOCK) or {}).get("value") or "").strip()
    kept = json.loads(view.get("private_metadata") or "{}")
    vote = read_vote(str(kept.get("vote", "")))
    if not reason or vote is None:
        return None
    place = place_of(str(kept["conversation"]))
    message = Message(
        id=place.message(str(view.get("id", "")), "reason"),
        conversation=place.key,
        author=user_of(body),
        text=reason,
        sent_at=now,
        addressing=Addressing.EPHEMERAL,
        readers=Readers(kept["readers"]),
    )
    return Voted(message, vote[1], vote[0])


def _plain(text: str, limit: int) -> dict[str, str]:
    return {"type": "plain_text", "text": shortened(text, limit, "…")}
