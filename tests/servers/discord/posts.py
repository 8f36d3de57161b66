"""What Discord demands of a message before it takes it."""

from __future__ import annotations

from tests.servers.discord.payloads import DIRECT, Json
from tests.servers.discord.refused import Refused, invalid

CONTENT_LIMIT = 2000
NONCE_LIMIT = 25
LABEL_LIMIT = 80
CUSTOM_ID_LIMIT = 100
ROWS_LIMIT = 5


def may_be_shown(channel: Json, closed_to: set[int]) -> None:
    """Refuse what closed direct messages or a locked thread do not take."""
    if channel["type"] == DIRECT and int(channel["recipients"][0]["id"]) in closed_to:
        raise Refused(403, 50007, "Cannot send messages to this user")
    state = channel.get("thread_metadata", {})
    if state.get("archived") and state.get("locked"):
        raise Refused(400, 50083, "Thread is archived")


def check_post(request: Json) -> None:
    """Refuse a message that is empty, too long or malformed."""
    content = request.get("content") or ""
    components = request.get("components") or []
    if len(content) > CONTENT_LIMIT:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if not content.strip() and not components and not request.get("attachments"):
        raise Refused(400, 50006, "Cannot send an empty message")
    if len(str(request.get("nonce", ""))) > NONCE_LIMIT:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    _check_components(components)


def _check_components(rows: list[Json]) -> None:
    items = [item for row in rows for item in row["components"]]
    buttons = [item for item in items if item["type"] == 2]
    ids = [item["custom_id"] for item in items]
    for row in rows:
        _check_menus(row["components"])
    if len(rows) > ROWS_LIMIT or any(len(row["components"]) > ROWS_LIMIT for row in rows):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if len(set(ids)) != len(ids):
        raise invalid("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Custom id is duplicated")
    if any(not 0 < len(custom_id) <= CUSTOM_ID_LIMIT for custom_id in ids):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    if any(not 0 < len(button.get("label") or "") <= LABEL_LIMIT for button in buttons):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")


def _check_menus(row: list[Json]) -> None:
    menus = [item for item in row if item["type"] == 3]
    if menus and len(row) > 1:
        raise invalid("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is too wide")
    options = [each for menu in menus for each in menu["options"]]
    texts = [each[key] for each in options for key in ("label", "value")]
    if (menus and not 0 < len(options) <= 25) or any(not 0 < len(each) <= 100 for each in texts):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")


def check_modal(modal: Json) -> None:
    """Refuse a modal that is malformed or too long."""
    labels = modal["components"]
    sizes = [(modal["title"], 45), (modal["custom_id"], CUSTOM_ID_LIMIT)]
    for label in labels:
        if label["type"] != 18:
            continue
        field = label["component"]
        sizes += [(label["label"], 45), (label.get("description") or "-", 100)]
        if field["type"] == 4:
            sizes.append((field.get("value") or "-", field["max_length"]))
            if field["max_length"] > 4000:
                raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be 4000 or fewer.")
    if any(not 0 < len(text) <= limit for text, limit in sizes):
        raise invalid("data", "BASE_TYPE_BAD_LENGTH", "Too short or too long.")
