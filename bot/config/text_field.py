"""The type of a text in `responder.texts:`, and the placeholders that each may use."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from bot.config.types import Wording, read_wording
from bot.yamlfile import mistake, resembling

PLACEHOLDERS = ("bot", "contact")
"""What every text may use, in braces."""

MORE_PLACEHOLDERS = {
    "quoted": ("title",),
    "nearest": ("title",),
    "paused_places": ("places",),
    "help": ("topics",),
    "waiting": ("team",),
    "waiting_open": ("team",),
    "waiting_closed": (
        "team",
        "time",
    ),
    "closed_now": (
        "team",
        "time",
    ),
    "next_team": ("team",),
    "owner_gone_team": ("team",),
    "file_not_passed": ("files",),
    "action_done_later": ("what",),
    "action_not_done": ("what",),
    "proof_code_asked": ("minutes",),
    "proof_linked": ("days",),
    "form_ask": ("slot",),
    "form_back": ("title", "question"),
    "form_why": ("slot", "title"),
    "form_hint_choice": ("choices",),
    "form_propose": ("value", "slot"),
    "form_confirm": ("title", "summary"),
    "form_corrected": ("slot", "value"),
    "form_cleared": ("slots",),
    "form_stopped": ("title",),
    "form_queued": ("title",),
    "form_next": ("title",),
    "form_expired": ("title",),
    "form_outdated": ("title",),
    "slot_too_small": ("min",),
    "slot_too_large": ("max",),
    "slot_too_long": ("longest",),
    "slot_other_currency": ("currency",),
    "form_rehearsed": ("call",),
    "form_answer_in_private": ("button",),
    "form_direct_closed": ("button",),
    "form_moved_window": ("button",),
    "products_none": ("wishes",),
    "products_without": ("wish", "count"),
    "products_before": ("wishes",),
    "products_unread": ("wishes",),
    "products_currency": ("currency",),
    "product_more": ("product",),
    "product_cheaper": ("product",),
    "product_why": ("product",),
    "product_reasons": ("product", "reasons"),
    "product_unknown": ("attributes",),
    "product_in_stock": ("variants",),
    "constraint_not": ("value",),
    "constraint_most": ("value",),
    "constraint_least": ("value",),
}
"""What some texts may use besides."""

_BRACES = re.compile(r"\{([^{}]*)\}")


def read_text(value: object, info: ValidationInfo) -> object:
    """Let a text through that says something, with placeholders that are filled."""
    known = (*PLACEHOLDERS, *MORE_PLACEHOLDERS.get(info.field_name or "", ()))
    value = read_wording(value)
    texts = value.values() if isinstance(value, dict) else [value]
    for text in texts:
        if not isinstance(text, str):
            continue
        if not text.strip():
            raise mistake("an empty text", "write what to say, or delete the line")
        for name in _BRACES.findall(text):
            if name not in known:
                raise mistake(f'no placeholder "{{{name}}}" here', resembling(name, known))
    return value


Text = Annotated[Wording | None, BeforeValidator(read_text)]
