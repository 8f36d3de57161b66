"""The shop of a conversation test: it answers what the file says, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app.conversation_tests.shop_schema import ShopAnswer
from bot.ports import ActionResult
from bot.understanding.intents.actions import Action, ActionsFile

CODE = "code"
"""The value by which one-time codes are sent."""


@dataclass(frozen=True, slots=True)
class ShopCall:
    """What the shop was asked."""

    action: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class RecordedShop:
    """Answers in place of the shop, for one conversation; restarts of the bot change nothing.

    Args:
        answers: What it answers, by action.

    Attributes:
        calls: What it was asked since `take_calls`.
        codes: The one-time codes that it was to send, the newest last.
    """

    answers: Mapping[str, tuple[ShopAnswer, ...]]
    calls: list[ShopCall] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    _given: dict[str, int] = field(default_factory=dict)

    def take_calls(self) -> tuple[ShopCall, ...]:
        """Return what it was asked since the last time."""
        taken = tuple(self.calls)
        self.calls.clear()
        return taken

    def is_set_up(self, name: str, action: Action) -> bool:  # noqa: ARG002 - of the protocol
        """Return whether the test has a shop: it says what at least one action answers."""
        return bool(self.answers)

    def is_available(self, action: Action) -> bool:  # noqa: ARG002 - of the protocol
        """Return that it may be called: whether it answers is seen then."""
        return True

    async def call(
        self,
        file: ActionsFile,
        name: str,
        values: Mapping[str, Any],
        *,
        retry: bool = True,  # noqa: ARG002 - of the protocol
    ) -> ActionResult:
        """Answer a call."""
        action = file.actions[name]
        used = {each: values[each] for each in action.uses if values.get(each) is not None}
        self.calls.append(ShopCall(name, used))
        code = file.proof.code
        if code is not None and name == code.send and isinstance(used.get(CODE), str):
            self.codes.append(used[CODE])
        answers = self.answers.get(name)
        if not answers:
            return ActionResult("unavailable", reason=f"the test says nothing of {name}")
        given = self._given.get(name, 0)
        self._given[name] = given + 1
        return _result(answers[min(given, len(answers) - 1)], writes=action.writes)


def _result(answer: ShopAnswer, *, writes: bool) -> ActionResult:
    if answer.returns is not None:
        return ActionResult("done", answer.returns)
    if answer.error is not None:
        return ActionResult("failed", error=answer.error)
    if answer.down:
        return ActionResult("unavailable", reason="no connection")
    return ActionResult("unknown" if writes else "failed", reason="no answer: it took too long")
