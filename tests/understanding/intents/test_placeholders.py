"""Placeholders and conditions in replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import changed


@pytest.mark.parametrize("text", ["{bot} {contact}", "{{anything}}", "a } b"])
def test_known_placeholders(tmp_path: Path, text: str) -> None:
    assert changed(tmp_path, ("reply: Soon.", f'reply: "{text}"')) == []


@pytest.mark.parametrize("more", ["slots: {number: {}}", "action: get_order"])
def test_a_draft_may_use_what_it_keeps_for_later(tmp_path: Path, more: str) -> None:
    reply = f'reply: "{{number}} {{bot}}"\n    draft: true\n    {more}'
    (problem,) = changed(tmp_path, ("reply: Soon.", reply))
    assert "warning: " in problem
    assert "placeholder" not in problem


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
    reply = "slots: {status: {}}\n    reply: [{when: {state: late}, text: Soon.}]\n    draft: true"
    _, problem = changed(tmp_path, ("reply: Soon.", reply))
    assert (
        'order_status.reply[1].when.state: unknown slot "state": did you mean "status"' in problem
    )
