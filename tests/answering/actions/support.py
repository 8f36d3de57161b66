"""Files of actions, and what is asked of them, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.messages import Author, Message
from bot.ports import ActionRequest
from bot.understanding.intents.actions import ActionsFile

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
MESSAGE = Message("forum:app:c:1", "forum:app:c", Author("forum:w:ann", "Ann"), "hello", NOW)
ENVIRONMENT = {"SHOP_TOKEN": "a secret of the shop"}


def http(place: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what YAML holds
    """Return a request to a shop."""
    headers = {"Authorization": "Bearer ${SHOP_TOKEN}"}
    return {"url": f"http://{place}{path}", "headers": headers, "timeout": "2s", **more}


def read(place: str, path: str = "/orders/{order_number}", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a read; what begins with an underscore is part of its request."""
    inner = {key[1:]: value for key, value in more.items() if key.startswith("_")}
    outer = {key: value for key, value in more.items() if not key.startswith("_")}
    return {
        "kind": "read",
        "http": http(place, path, **inner),
        "returns": {"status": "status", "eta": "delivery.eta"},
        "errors": {"404": "not_found"},
        "on_error": "handoff",
        **outer,
    }


def actions(*hosts: str, proof: dict[str, Any] | None = None, **of: dict[str, Any]) -> ActionsFile:
    """Return a file of actions."""
    content = {"version": 1, "hosts": list(hosts), "actions": of, "proof": proof or {}}
    return ActionsFile.model_validate(content, context={"language": "en"})


def request(action: str = "get_order", **values: Any) -> ActionRequest:  # noqa: ANN401 - of JSON
    """Return what a customer asks for."""
    return ActionRequest(action, values or {"order_number": "48213"}, MESSAGE, "en", "f1", "s1")
