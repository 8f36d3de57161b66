"""`actions.yaml`: what it may say, and how mistakes in it are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.publishing.snapshot import Snapshot, read_snapshot
from bot.understanding.intents import load_intents
from bot.understanding.intents.actions import action_infos
from tests.understanding.shop import SOUND, found

ACTIONS = """\
version: 1
hosts: [shop.example.com, "127.0.0.1:8080"]
proof:
  code: {find: find_customer, send: send_code}
  current: {address: address_now}
actions:
  find_customer:
    kind: read
    http: {url: "https://shop.example.com/orders/{order_number}/customer", timeout: 5s}
    returns: [subject, address]
    on_error: handoff
  send_code:
    kind: read
    http:
      method: POST
      url: "https://shop.example.com/codes/{customer_id}"
      json: ["{code}"]
      timeout: 5s
    on_error: handoff
  address_now:
    kind: read
    http: {url: "https://shop.example.com/customers/{customer_id}", timeout: 5s}
    returns: [address]
    on_error: handoff
  get_order:
    kind: read
    http:
      method: GET
      url: "https://shop.example.com/customers/{customer_id}/orders/{order_number}"
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5s
      retries: 2
    proof: code
    returns: {status: status, items: "items[].{sku: sku, name: name}"}
    errors: {404: not_found}
    on_error: {en: "The shop does not answer."}
    example: {status: shipped, items: [{sku: A1, count: 2}]}
  cancelled:
    kind: read
    http: {url: "http://127.0.0.1:8080/cancellations/{idempotency_key}", timeout: 5s}
    returns: [found, refund]
    on_error: handoff
  cancel_order:
    kind: write
    confirm: "Cancel order {order_number}?"
    lookup: cancelled
    http:
      method: POST
      url: "https://shop.example.com/cancellations"
      json: {customer: "{customer_id}", order: "{order_number}", notify: true, "size": 2}
      timeout: 5s
    proof: [code]
    returns: [refund]
    on_error: handoff
"""


def with_actions(folder: Path, *changes: tuple[str, str]) -> list[str]:
    text = ACTIONS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return found(folder, shop=SOUND, actions=text)


def test_a_sound_file_is_read_with_the_intents(tmp_path: Path) -> None:
    assert with_actions(tmp_path) == []
    file = load_intents(tmp_path).actions
    infos = action_infos(file)
    assert set(infos) == {"get_order", "cancelled", "cancel_order"}, "of the proof: for no form"
    order, cancel = infos["get_order"], infos["cancel_order"]
    assert (order.needs, order.provides, order.proof) == (
        ("order_number",),
        ("status", "items"),
        ("code",),
    )
    assert order.on_error == {"en": "The shop does not answer."}
    assert (cancel.writes, cancel.needs, cancel.on_error) == (True, ("order_number",), {})
    assert cancel.confirm == {"en": "Cancel order {order_number}?"}


def test_bodies_and_examples_keep_numbers_and_truth(tmp_path: Path) -> None:
    with_actions(tmp_path)
    actions = load_intents(tmp_path).actions.actions
    assert actions["get_order"].example == {
        "status": "shipped",
        "items": [{"sku": "A1", "count": 2}],
    }
    http = actions["cancel_order"].http
    assert http is not None
    assert http.json_["notify"] is True
    assert http.json_["size"] == 2


def test_a_folder_without_the_file_has_no_actions(tmp_path: Path) -> None:
    assert found(tmp_path, shop=SOUND) == []
    assert load_intents(tmp_path).actions.actions == {}


MISTAKES = {
    "another host": (
        ('url: "https://shop.example.com/cancellations"', 'url: "https://evil.example/x"'),
        "cancel_order.http.url: evil.example is not among `hosts:`: add it to `hosts:`",
    ),
    "a value as the host": (
        ('"https://shop.example.com/cancellations"', '"https://{order_number}.example.com/x"'),
        "a value as a part of the host: write the host out",
    ),
    "a value as the scheme": (
        ('"https://shop.example.com/cancellations"', '"{order_number}://shop.example.com/x"'),
        "a value as a part of the host: write the host out",
    ),
    "a secret in an address": (
        ("cancellations/{idempotency_key}", "cancellations/${SHOP_TOKEN}"),
        "a variable in an address, which logs may hold: write it in `headers:`",
    ),
    "customer without a proof": (
        ("    proof: [code]\n", "    proof: none\n"),
        "cancel_order: uses {customer_id}, which comes from a proof of identity only: write",
    ),
    "a result that is the customer": (
        ("returns: [refund]", "returns: [refund, customer_id]"),
        "no result may be called customer_id",
    ),
    "a way that is not configured": (
        ("proof: code\n", "proof: [linked]\n"),
        "get_order.proof: nothing says how customers prove it by linked",
    ),
    "a proof that there is none of": (("proof: code\n", "proof: password\n"), "is no proof: write"),
    "no on_error": (
        ('    on_error: {en: "The shop does not answer."}\n', ""),
        "on_error: is missing",
    ),
    "two kinds of call": (
        ("    kind: read\n    http:\n", "    kind: read\n    python: x\n    http:\n"),
        "both `http` and `python`",
    ),
    "a write by GET": (
        ('method: POST\n      url: "https://shop.example.com/cancel', 'method: GET\n      url: "https://shop.example.com/cancel'),
        "a write by GET: write `method: POST`",
    ),
    "a write that is repeated": (
        ("timeout: 5s\n    proof: [code]", "timeout: 5s\n      retries: 1\n    proof: [code]"),
        "`retries` on a write, which is done at most once",
    ),
    "an unknown lookup": (
        ("lookup: cancelled\n", "lookup: canceled\n"),
        'did you mean "cancelled"',
    ),
    "a lookup that does not tell": (
        ("returns: [found, refund]", "returns: [refund]"),
        "cancelled does not tell whether the write took place: have it return `found`",
    ),
    "a lookup that needs more": (
        ("cancellations/{idempotency_key}", "cancellations/{size}"),
        "cancelled needs size, which cancel_order is not called with",
    ),
    "an expression that is none": (
        ("status: status,", "status: 'items[',"),
        "not a JMESPath expression",
    ),
    "an example of nothing": (
        ("example: {status: shipped,", "example: {state: shipped,"),
        "`example` has state, which `returns` does not",
    ),
    "a host that is none": (
        ("hosts: [shop.example.com,", "hosts: [https://shop.example.com,"),
        "is no host: write HOST, HOST:PORT",
    ),
    "too long": (
        ("timeout: 5s}\n    returns: [subject", "timeout: 2 min}\n    returns: [subject"),
        "60 s or less",
    ),
    "an unknown key": (
        ("errors: {404", "error: {404"),
        'unknown key: did you mean "errors"?',
    ),
    "a code that finds nobody": (
        ("orders/{order_number}/customer", "customer"),
        "proof.code.find: find_customer is called with nothing to find a customer by",
    ),
    "a finder that tells no address": (
        ("    returns: [subject, address]", "    returns: [subject]"),
        "proof.code.find: find_customer does not provide address",
    ),
    "a finder that is told who it is": (
        ("orders/{order_number}/customer", "{order_number}/{customer_id}"),
        "proof.code.find: find_customer uses {customer_id}, which nobody knows there",
    ),
    "a code that is not sent": (
        ('json: ["{code}"]', 'json: ["{order_number}"]'),
        "proof.code.send: send_code does not use {code}",
    ),
    "nothing that tells the address of today": (
        ("  current: {address: address_now}\n", ""),
        "proof.code: nothing tells when the address in the shop has changed",
    ),
    "an unknown action of the proof": (
        ("send: send_code}", "send: send_codes}"),
        'proof.code.send: unknown action "send_codes": did you mean "send_code"?',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_reported_at_its_line(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    problems = [each for each in with_actions(tmp_path, change) if ": warning: " not in each]
    assert any(said in each and each.startswith("actions.yaml:") for each in problems), problems
    assert all(each.split(":")[1].isdigit() for each in problems), "each has its line"


LEFT_OUT = {
    "timeout": ("      timeout: 5s\n      retries: 2\n", "", "get_order: no `timeout`: 10 s are"),
    "proof": ("    proof: [code]\n", "", "cancel_order: no `proof`: anybody may call it"),
    "lookup": ("    lookup: cancelled\n", "", "cancel_order: no `lookup`: a person must find out"),
}


@pytest.mark.parametrize(("old", "new", "said"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_left_out_is_listed(tmp_path: Path, old: str, new: str, said: str) -> None:
    changes = [(old, new)]
    if "proof" in old:
        changes.append(('customer: "{customer_id}", ', ""))
    problems = with_actions(tmp_path, *changes)
    assert any(
        f"warning: actions.{said}" in each or f"warning: {said}" in each for each in problems
    )


def test_what_is_meant_to_be_left_out_is_written_down(tmp_path: Path) -> None:
    changes = [
        ("    proof: [code]\n", "    proof: none\n"),
        ('customer: "{customer_id}", ', ""),
        ("    lookup: cancelled\n", "    lookup: none\n"),
        ("cancellations/{idempotency_key}", "cancellations/latest"),
        ("returns: [found, refund]\n", "returns: [found, refund]\n    proof: none\n"),
    ]
    assert with_actions(tmp_path, *changes) == []


def test_a_model_that_serves_goes_on_without_a_file_that_earlier_versions_ignored(
    tmp_path: Path,
) -> None:
    found(tmp_path, shop=SOUND, actions="]")
    intents = load_intents(tmp_path, serving=True)
    assert "order_status" in intents.by_name
    assert intents.actions.actions == {}


def test_a_change_is_published_and_kept_with_the_intents(tmp_path: Path) -> None:
    folder, version = tmp_path / "intents", tmp_path / "version"
    folder.mkdir()
    version.mkdir()
    with_actions(folder)
    before = Snapshot.of(folder)
    with_actions(folder, ("timeout: 5s\n      retries: 2", "timeout: 7s\n      retries: 2"))
    after = Snapshot.of(folder)
    assert after.fingerprint != before.fingerprint
    after.write(version)
    assert read_snapshot(version, "en").actions.actions["get_order"].limit.total_seconds() == 7


def test_the_documented_file_has_no_mistakes(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "actions.md").read_text("utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    assert found(tmp_path, shop=SOUND, actions=text) == []
