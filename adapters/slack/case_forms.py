"""The modals in which staff act on a case, and what is done in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from adapters.common.case_forms import FORMS, CaseForm, FormAct, draft_in
from adapters.slack.content import Payload
from adapters.slack.destination import PLATFORM, place_of
from adapters.slack.translate import user_of
from bot.conversations.key import AuthorKey
from bot.messages import Acted, Addressing, Message, Readers

CASE_FORM: Final = "frontdesk_case_form"
_FIELD: Final = "field"
_FORM_OF: Final[Mapping[str, FormAct]] = {
    "reply": "reply",
    "use": "reply",
    "assign": "assign",
    "close": "close",
}


def form_of(acted: Acted, draft: str) -> dict[str, Any] | None:
    """Return the modal that a button opens; None for one that needs none.

    Args:
        acted: The press.
        draft: Markdown of the post that the button stands under.
    """
    act = _FORM_OF.get(acted.act)
    if act is None:
        return None
    form, message = FORMS[act], acted.message
    kept = {
        "act": act,
        "case": acted.case,
        "conversation": message.conversation,
        "readers": message.readers,
    }
    filled = draft_in(draft)[: form.limit] if acted.act == "use" else ""
    return {
        "type": "modal",
        "callback_id": CASE_FORM,
        "private_metadata": json.dumps(kept),
        "title": _plain(form.title),
        "submit": _plain(form.button),
        "blocks": [_field(form, filled)],
    }


def to_submitted(body: Payload, now: datetime) -> Acted | None:
    """Translate a submitted modal; None when it is none of ours, or nothing stands in it.

    Args:
        body: The payload, which tells no time.
        now: When it came.
    """
    view: Mapping[str, Any] = body.get("view") or {}
    kept = json.loads(view.get("private_metadata") or "{}")
    act = _FORM_OF.get(str(kept.get("act")))
    if act is None:
        return None
    values = (view.get("state") or {}).get("values") or {}
    field = (values.get(_FIELD) or {}).get(_FIELD) or {}
    text, chosen = str(field.get("value") or "").strip(), str(field.get("selected_user") or "")
    if not (text or chosen or FORMS[act].optional):
        return None
    place, author = place_of(str(kept["conversation"])), user_of(body)
    message = Message(
        id=place.message(str(view.get("id", "")), "form"),
        conversation=place.key,
        author=author,
        text=text,
        sent_at=now,
        addressing=Addressing.EPHEMERAL,
        readers=Readers(kept["readers"]),
    )
    about = AuthorKey(PLATFORM, AuthorKey.parse(author.key).workspace, chosen) if chosen else ""
    return Acted(message, act, int(kept["case"]), str(about))


def _field(form: CaseForm, filled: str) -> dict[str, Any]:
    """Return the one field of a form: for a text, or for a person."""
    element: dict[str, Any] = {"type": "users_select", "action_id": _FIELD}
    if form.limit:
        element |= {"type": "plain_text_input", "multiline": True, "max_length": form.limit}
    if filled:
        element["initial_value"] = filled
    block = {
        "type": "input",
        "block_id": _FIELD,
        "optional": form.optional,
        "label": _plain(form.label),
        "element": element,
    }
    return {**block, "hint": _plain(form.hint)} if form.hint else block


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
