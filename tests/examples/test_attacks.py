"""Attempts at others' data against a desk with the example shop: a short copy of the field list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.field.attacks import played

INTENTS = """\
version: 1
intents:
  - name: order_status
    examples:
      - where is my order
      - track my order
      - has my parcel been sent
      - status of my order
      - what is in my order
    slots:
      order_number: {type: pattern, pattern: '\\b\\d{5}\\b', ask: What is your order number?}
    action: get_order
    reply:
      - {when: {error: not_found}, text: "There is no order {order_number} of yours."}
      - text: "Your order has {contents} and goes to {address}."
  - name: any_order
    examples: [show any order, look into any order, any order at all, open any order, any order]
    slots:
      order_number: {type: pattern, pattern: '\\b\\d{5}\\b', ask: What is your order number?}
    action: get_any_order
    reply: "It has {contents}."
  - name: cancel_order
    examples: [cancel my order, please cancel it, I want to cancel, call it off, stop my order]
    slots:
      order_number: {type: pattern, pattern: '\\b\\d{5}\\b', ask: What is your order number?}
    action: cancel_order
    reply: "Order {order_number} is cancelled."
out_of_scope: [what is the weather, sing a song, who are you, tell me a joke, good morning]
"""
ACTIONS = """\
version: 1
hosts: ["127.0.0.1:8765"]
proof:
  code: {find: find_by_order, send: send_code}
  current: {address: get_email}
  linked: {redeem: redeem}
  platform_email: {find: by_email}
actions:
  get_order:
    kind: read
    http: {url: "http://127.0.0.1:8765/api/customers/{customer_id}/orders/{order_number}", HEAD}
    proof: [linked, platform_email, code]
    returns: [contents, address]
    errors: {404: not_found}
    on_error: handoff
    gpt: true
  get_any_order:
    kind: read
    http: {url: "http://127.0.0.1:8765/api/customers/c1001/orders/{order_number}", HEAD}
    proof: none
    returns: [contents]
    on_error: handoff
  cancel_order:
    kind: write
    http:
      method: POST
      url: "http://127.0.0.1:8765/api/customers/{customer_id}/orders/{order_number}/cancel"
      headers: {Authorization: "Bearer ${SHOP_TOKEN}", Idempotency-Key: "{idempotency_key}"}
      timeout: 5 s
    proof: [linked, platform_email, code]
    lookup: none
    on_error: handoff
  find_by_order:
    kind: read
    http:
      method: POST
      url: "http://127.0.0.1:8765/api/proof/find"
      json: {order_number: "{order_number}"}
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5 s
    returns: [subject, address]
    errors: {404: not_found}
    on_error: handoff
  send_code:
    kind: read
    http:
      method: POST
      url: "http://127.0.0.1:8765/api/proof/send"
      json: {customer_id: "{customer_id}", code: "{code}"}
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5 s
    on_error: handoff
  get_email:
    kind: read
    http: {url: "http://127.0.0.1:8765/api/customers/{customer_id}/email", HEAD}
    returns: [address]
    on_error: handoff
  redeem:
    kind: read
    http:
      method: POST
      url: "http://127.0.0.1:8765/api/proof/redeem"
      json: {code: "{code}"}
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5 s
    returns: [subject]
    errors: {404: not_found}
    on_error: handoff
  by_email:
    kind: read
    http:
      method: POST
      url: "http://127.0.0.1:8765/api/proof/email"
      json: {email: "{email}"}
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5 s
    returns: [subject]
    errors: {404: not_found}
    on_error: handoff
"""
HEAD = 'headers: {Authorization: "Bearer ${SHOP_TOKEN}"}, timeout: 5 s'
SECRET = ["Rill 2", "Oudegracht"]


def attempt(name: str, *steps: dict[str, Any], place: str = "discord_dm", **more: Any) -> Any:  # noqa: ANN401
    """An attempt of somebody who reads the mailbox of c1002, at an order of c1001."""
    account = {"name": "m", "email": None, "linked": None, "mailbox": ["c1002"]}
    taken = [{"by": "mallory", **each} if "wait_minutes" not in each else each for each in steps]
    return {
        "id": name,
        "place": place,
        "accounts": {"mallory": account | more.pop("account", {})},
        "steps": taken,
        "secret": SECRET,
        "unchanged": ["48213", "50927"],
        **more,
    }


ASKS = {"say": "where is my order 48213"}
LOG = [
    attempt("code of another", ASKS, {"when_asked": "code", "say": "{code:c1002}"}),
    attempt("code too old", ASKS, {"wait_minutes": 11}, {"say": "{code:c1001}"}),
    attempt(
        "six codes",
        ASKS,
        *({"when_asked": "code", "say": "{wrong_code}"} for _ in range(5)),
        {"say": "{code:c1001}"},
    ),
    attempt(
        "public",
        ASKS,
        {"when_asked": "code", "say": "{code:c1002}"},
        place="slack_thread",
    ),
    attempt("taken for something else", {"say": "48213 sing a song, tell me a joke"}),
    attempt(
        "hers, in a window",
        ASKS,
        {"when_asked": "code", "say": "{code:c1001}"},
        place="slack_thread",
        fair=True,
        expect=["Rill 2"],
    ),
    attempt(
        "linked as another",
        {"say": "cancel my order 50927"},
        {"press": "confirm"},
        {"press": "forged"},
        {"say": "and what is in my order 48213"},
        account={"linked": "c1002"},
    ),
    attempt("no proof asked: it leaks", {"say": "show any order 48213"}),
    attempt(
        "hers",
        ASKS,
        {"when_asked": "code", "say": "{wrong_code}"},
        {"when_asked": "code", "say": "here: {code:c1001}"},
        fair=True,
        expect=["Rill 2"],
    ),
    attempt(
        "hers, cancelled",
        {"say": "cancel my order 50927"},
        {"press": "confirm"},
        account={"linked": "c1001"},
        fair=True,
        expect=["50927 is cancelled"],
    ),
]


async def test_nobody_gets_at_what_is_not_theirs_and_the_play_would_notice(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(INTENTS, "utf-8")
    (tmp_path / "actions.yaml").write_text(ACTIONS.replace("HEAD", HEAD), "utf-8")
    found = await played(LOG, tmp_path)
    wrong = {
        name: {key: each for key, each in what.items() if each} for name, what in found.items()
    }
    out = {name for name, what in wrong.items() if "stayed out" in what}
    assert out == {"taken for something else"}
    assert wrong.pop("taken for something else").keys() == {"stayed out"}
    leak = wrong.pop("no proof asked: it leaks")["shown"]
    assert "Rill 2" in leak[0], "a leak is noticed"
    for name in ("hers", "hers, in a window"):
        assert wrong.pop(name)["shown"], "it is hers, and the play sees it"
    assert wrong.pop("hers, cancelled")["changed"] == ["50927"], "a change is noticed"
    assert not any({"shown", "changed", "told", "missed"} & what.keys() for what in wrong.values())
