"""Windows in which one person alone answers what a form asks: modals of Slack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from adapters.common.markdown import plain_text
from adapters.slack.content import Payload
from adapters.slack.destination import place_of
from adapters.slack.render import label_of
from adapters.slack.text import harmless
from adapters.slack.translate import user_of
from bot.messages import Addressing, Message, Pressed, Readers, Received
from bot.ports import Window, Wording
from bot.text.shorten import shortened

WINDOW: Final = "frontdesk_window"
"""What names these modals."""

_ANSWER: Final = "answer"
_CHOICE: Final = "choice"
_TITLE_LIMIT: Final = 24  # also of the buttons of a modal
_TEXT_LIMIT: Final = 3_000
_CHOICES_LIMIT: Final = 100


def view_of(window: Window, wording: Wording) -> dict[str, Any]:
    """Return a window as Slack opens it."""
    language = window.language
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": WINDOW,
        "private_metadata": json.dumps({"conversation": window.conversation}),
        "title": _plain(wording.say("form_button_private", language), _TITLE_LIMIT),
        "blocks": _blocks(window, wording),
    }
    if window.asks:
        view["submit"] = _plain(wording.say("feedback_send", language), _TITLE_LIMIT)
    return view


def to_answered(body: Payload, now: datetime) -> Received | Pressed | None:
    """Translate a submitted window; None when nothing stands in it.

    Args:
        body: The payload, which tells no time.
        now: When it came.
    """
    view: Mapping[str, Any] = body.get("view") or {}
    kept = json.loads(view.get("private_metadata") or "{}")
    values = (view.get("state") or {}).get("values") or {}
    written = ((values.get(_ANSWER) or {}).get(_ANSWER) or {}).get("value")
    chosen = ((values.get(_CHOICE) or {}).get(_CHOICE) or {}).get("selected_option") or {}
    label = str((chosen.get("text") or {}).get("text") or "")
    text = str(written or "").strip()
    if not kept.get("conversation") or not (text or chosen.get("value")):
        return None
    place = place_of(str(kept["conversation"]))
    message = Message(
        id=place.message(str(view.get("id", "")), "window"),
        conversation=place.key,
        author=user_of(body),
        text=text or label,
        sent_at=now,
        addressing=Addressing.EPHEMERAL,
        readers=Readers.OTHERS,
    )
    return Received(message) if text else Pressed(message, str(chosen["value"]))


def _blocks(window: Window, wording: Wording) -> list[dict[str, Any]]:
    said = _plain(plain_text(window.said) or "…", _TEXT_LIMIT)
    blocks: list[dict[str, Any]] = [{"type": "section", "text": said}]
    if not window.asks:
        return blocks
    answer = wording.say("form_window_answer", window.language)
    writes = {"type": "plain_text_input", "max_length": _TEXT_LIMIT}
    blocks.append(_field(_ANSWER, answer, writes, optional=bool(window.buttons)))
    if window.buttons:
        options = [
            {"text": _plain(label_of(each.label), 75), "value": each.id}
            for each in window.buttons[:_CHOICES_LIMIT]
        ]
        choose = wording.say("form_window_choose", window.language)
        menu = {"type": "static_select", "options": options}
        blocks.append(_field(_CHOICE, choose, menu, optional=True))
    return blocks


def _field(name: str, label: str, element: Mapping[str, Any], *, optional: bool) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": _plain(label, 45),
        "element": {**element, "action_id": name},
    }


def _plain(text: str, limit: int) -> dict[str, str]:
    return {"type": "plain_text", "text": shortened(harmless(text), limit, "…")}
