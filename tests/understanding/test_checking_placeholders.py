"""Placeholders and conditions in replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import ACTIONS, changed


@pytest.mark.parametrize("text", ["{bot} {contact}", "{{anything}}", "a } b", "{number} {eta}"])
def test_known_placeholders(tmp_path: Path, text: str) -> None:
    reply = f'reply: "{text}"\n    action: get_order\n    slots: {{number: {{}}}}'
    assert changed(tmp_path, ("reply: Soon.", reply), actions=ACTIONS) == []


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
    assert "For braces as such write {{ and }}" in problem


def test_a_condition_on_something_unknown(tmp_path: Path) -> None:
    reply = "action: get_order\n    reply: [{when: {state: late}, text: Soon.}]"
    (problem,) = changed(tmp_path, ("reply: Soon.", reply), actions=ACTIONS)
    assert (
        'order_status.reply[1].when.state: unknown slot or result "state": did you mean' in problem
    )
