"""What Slack checks in the blocks of a post, and whom a post would notify."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

_PING = re.compile(r"<(!(?:channel|here|everyone|group)|!subteam\^\w+|@[UW]\w+)(?:\|[^<>]*)?>")
_NAME = re.compile(r"@(?:channel|here|everyone)\b")
_TOTAL_LIMIT = 13_200


class Refused(Exception):
    """Slack's refusal, with its error code and further fields of the answer."""

    def __init__(self, error: str, **fields: object) -> None:
        self.error = error
        self.fields = fields
        super().__init__(error)


def check_blocks(blocks: object) -> list[dict[str, Any]]:
    """Return the blocks, or refuse them."""
    if not isinstance(blocks, list) or len(blocks) > 50:
        raise Refused("invalid_blocks")
    for block in blocks:
        check = _CHECKS.get(block.get("type"))
        if check is None or not check(block) or len(block.get("block_id", "")) > 255:
            raise Refused("invalid_blocks")
    _check_unique([block["block_id"] for block in blocks if "block_id" in block])
    actions = [b for b in blocks if b["type"] == "actions"]
    _check_unique([e["action_id"] for block in actions for e in block["elements"]])
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        raise Refused("only_one_table_allowed")
    if sum(_size(block) for block in blocks) > _TOTAL_LIMIT:
        raise Refused("msg_blocks_too_long")
    return blocks


def notified(text: str, blocks: Sequence[dict[str, Any]]) -> list[str]:
    """Return whom a post would notify, reading Markdown and mrkdwn as generously as may be."""
    said = [text]
    for block in blocks:
        if block["type"] == "markdown":
            said += [block["text"], _as_mrkdwn(block["text"])]
        said += [cell["text"] for row in block.get("rows", ()) for cell in row]
        said += [block["text"]["text"]] if block["type"] == "section" else []
        for element in block.get("elements", ()):
            for option in element.get("options", ()):
                said.append(option["text"]["text"])
            label = element.get("text", "")
            said.append(label["text"] if isinstance(label, dict) else label)
    return [ping for part in said for ping in (*_PING.findall(part), *_NAME.findall(part))]


def _as_mrkdwn(markdown: str) -> str:
    """Return what Markdown may have become by the time that Slack looks for sequences."""
    text = html.unescape(html.unescape(markdown))
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return re.sub(r"\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)", r"<\2|\1>", text)


def _check_unique(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise Refused("invalid_blocks")


def _size(block: dict[str, Any]) -> int:
    if block["type"] == "markdown":
        return len(block["text"])
    return sum(len(str(element)) for element in block.get("elements", ()))


def _is_text(text: object, limit: int, kinds: tuple[str, ...]) -> bool:
    return (
        isinstance(text, dict)
        and text.get("type") in kinds
        and isinstance(text.get("text"), str)
        and 0 < len(text["text"]) <= limit
    )


def _is_markdown(block: dict[str, Any]) -> bool:
    return isinstance(block.get("text"), str) and 0 < len(block["text"]) <= 12_000


def _is_context(block: dict[str, Any]) -> bool:
    elements = block.get("elements")
    return (
        isinstance(elements, list)
        and 0 < len(elements) <= 10
        and all(_is_text(element, 3_000, ("mrkdwn", "plain_text")) for element in elements)
    )


def _is_actions(block: dict[str, Any]) -> bool:
    elements = block.get("elements")
    return (
        isinstance(elements, list)
        and 0 < len(elements) <= 25
        and all(_is_button(element) or _is_menu(element) for element in elements)
    )


def _is_menu(element: dict[str, Any]) -> bool:
    options = element.get("options")
    return (
        element.get("type") == "static_select"
        and isinstance(options, list)
        and 0 < len(options) <= 100
        and all(
            _is_text(each.get("text"), 75, ("plain_text",))
            and 0 < len(each.get("value", "")) <= 150
            for each in options
        )
    )


def _is_button(element: dict[str, Any]) -> bool:
    return (
        element.get("type") == "button"
        and _is_text(element.get("text"), 75, ("plain_text",))
        and 0 < len(element.get("action_id", "")) <= 255
        and len(element.get("value", "")) <= 2_000
        and element.get("style", "primary") in ("primary", "danger")
    )


def _is_section(block: dict[str, Any]) -> bool:
    return _is_text(block.get("text"), 3_000, ("mrkdwn", "plain_text"))


def _is_context_actions(block: dict[str, Any]) -> bool:
    elements = block.get("elements")
    return (
        isinstance(elements, list)
        and 0 < len(elements) <= 5
        and all(_is_feedback(element) for element in elements)
    )


def _is_feedback(element: dict[str, Any]) -> bool:
    thumbs = [element.get(f"{kind}_button") or {} for kind in ("positive", "negative")]
    return (
        element.get("type") == "feedback_buttons"
        and len(element.get("action_id", "")) <= 255
        and all(
            _is_text(thumb.get("text"), 75, ("plain_text",))
            and 0 < len(thumb.get("value", "")) <= 2_000
            for thumb in thumbs
        )
    )


def _is_table(block: dict[str, Any]) -> bool:
    rows = block.get("rows")
    return (
        isinstance(rows, list)
        and 0 < len(rows) <= 100
        and all(0 < len(row) <= 20 and all(_is_cell(cell) for cell in row) for row in rows)
    )


def _is_cell(cell: dict[str, Any]) -> bool:
    return cell.get("type") == "raw_text" and bool(cell.get("text"))


_CHECKS = {
    "actions": _is_actions,
    "context_actions": _is_context_actions,
    "context": _is_context,
    "markdown": _is_markdown,
    "section": _is_section,
    "table": _is_table,
}
