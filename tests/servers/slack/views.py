"""What Slack checks in a modal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.servers.slack.blocks import Refused

MOST_TEXT = 3_000


def check_view(view: Mapping[str, Any]) -> None:
    """Refuse a modal that Slack would not open."""
    inputs = [each for each in view.get("blocks") or () if each.get("type") == "input"]
    titles = [view.get("title") or {}, *([view.get("submit") or {}] if inputs else ())]
    fits = (
        view.get("type") == "modal"
        and all(0 < len(each.get("text", "")) <= 24 for each in titles)
        and len(view.get("private_metadata", "")) <= 3_000
        and len(view.get("callback_id", "")) <= 255
        and all(_is_input(block) or _is_section(block) for block in view.get("blocks") or [{}])
    )
    if not fits:
        raise Refused("invalid_arguments")


def _is_section(block: Mapping[str, Any]) -> bool:
    text = block.get("text") or {}
    return (
        block.get("type") == "section"
        and text.get("type") in ("plain_text", "mrkdwn")
        and 0 < len(text.get("text", "")) <= 3_000
    )


def _is_input(block: Mapping[str, Any]) -> bool:
    label, hint = block.get("label") or {}, block.get("hint") or {"text": "x"}
    return (
        block.get("type") == "input"
        and 0 < len(label.get("text", "")) <= 2_000
        and 0 < len(hint.get("text", "")) <= 2_000
        and _is_field(block.get("element") or {})
    )


def _is_field(element: Mapping[str, Any]) -> bool:
    if element.get("type") == "users_select":
        return "max_length" not in element and "initial_value" not in element
    if element.get("type") == "static_select":
        return 0 < len(element.get("options") or ()) <= 100
    most = int(element.get("max_length", MOST_TEXT))
    filled = element.get("initial_value")
    return (
        element.get("type") == "plain_text_input"
        and 1 <= most <= MOST_TEXT
        and (filled is None or 0 < len(filled) <= most)
    )
