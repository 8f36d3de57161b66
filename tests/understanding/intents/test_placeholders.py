"""Placeholders and conditions in replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import changed


@pytest.mark.parametrize("text", ["{bot} {contact}", "{{anything}}", "a } b"])
def test_known_placeholders(tmp_path: Path, text: str) -> None:
    assert changed(tmp_path, ("reply: Soon.", f'reply: "{text}"')) == []


@pytest.mark.parametrize("more", ["slots: {number: {}}", "action: get_order\n    draft: true"])
def test_what_slots_and_actions_provide_may_be_said(tmp_path: Path, more: str) -> None:
    reply = f'reply: "{{number}} {{bot}}"\n    {more}'
    assert changed(tmp_path, ("reply: Soon.", reply)) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            '"{contct}"',
            '11:12: order_status.reply: unknown placeholder {contct}: did you mean "con',
        ),
        ('"{eta}"', "unknown placeholder {eta}"),
        ('"{order number}"', "unknown placeholder {order number}"),
        ('"{bot.secret}"', "unknown placeholder {bot.secret}"),
        ('"{}"', "unknown placeholder {}"),
        ('{en: [Hi, "{nme}"]}', "order_status.reply.en[2]: unknown placeholder {nme}"),
        ('[{text: Hi, slack: "{nme}"}]', "order_status.reply[1].slack: unknown placeholder {nme}"),
    ],
)
def test_unknown_placeholders(tmp_path: Path, reply: str, said: str) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", f"reply: {reply}"))
    assert said in problem
    assert "To write literal braces, use {{ and }}" in problem


def test_a_condition_on_something_unknown(tmp_path: Path) -> None:
    reply = "slots: {status: {}}\n    reply: [{when: {state: late}, text: Soon.}]"
    (problem,) = changed(tmp_path, ("reply: Soon.", reply))
    assert problem == (
        'shop.yaml:12:21: order_status.reply[1].when.state: nothing provides "state": did you mean'
        ' "status"?'
    )
