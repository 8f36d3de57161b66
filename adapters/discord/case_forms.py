"""The modals in which staff reply, assign and close: opened at once, without asking the core."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import discord

from adapters.common.case_forms import FORMS, CaseForm, FormAct, draft_in
from adapters.discord.case_ids import case_id
from bot.messages import Acted

REPLY_LIMIT: Final = 4_000
"""Characters of a reply, what a field of a modal takes."""

_FIELD: Final = "field"
_FORM_OF: Final[Mapping[str, FormAct]] = {
    "reply": "reply",
    "use": "reply",
    "assign": "assign",
    "close": "close",
}


def form_of(acted: Acted, draft: str) -> discord.ui.Modal | None:
    """Return the modal that a button opens; None for one that needs none.

    It is stopped, so that discord.py keeps no track of it: what is written is recognised by the
    modal's custom id, also after a restart.

    Args:
        acted: The press.
        draft: Markdown of the post that the button stands under.
    """
    act = _FORM_OF.get(acted.act)
    if act is None:
        return None
    form = FORMS[act]
    modal = discord.ui.Modal(title=form.title, custom_id=case_id(act, acted.case), timeout=None)
    filled = draft_in(draft) if acted.act == "use" else ""
    field: discord.ui.Label[discord.ui.View] = discord.ui.Label(
        text=form.label, description=form.hint or None, component=_field(act, form, filled)
    )
    modal.add_item(field)
    modal.stop()
    return modal


def _field(act: FormAct, form: CaseForm, filled: str) -> discord.ui.Item[Any]:
    """Return the one field of a form: for a text, or for a person."""
    if not form.limit:
        return discord.ui.UserSelect(custom_id=_FIELD, min_values=1, max_values=1)
    limit = REPLY_LIMIT if act == "reply" else form.limit
    return discord.ui.TextInput(
        custom_id=_FIELD,
        style=discord.TextStyle.paragraph,
        required=not form.optional,
        max_length=limit,
        default=filled[:limit] or None,
    )
