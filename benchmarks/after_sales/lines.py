"""Measures single messages: whether the bot begins just what each asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.after_sales.instance import Instance
from bot.app.conversation_tests.collecting import Reply
from bot.messages import DecisionKind
from bot.yamlfile import plain, read

WANTS: Mapping[str, str] = {
    "cancel": "cancel_order",
    "return": "return_items",
    "change_items": "change_items",
    "order_address": "change_order_address",
    "account_address": "change_account_address",
    "payment": "change_payment",
    "order_question": "order_question",
    "product_question": "product_question",
    "account_question": "account_question",
    "person": "person",
    "thanks": "thanks",
}
"""The intent of each label; `none` is a message that asks for nothing of these."""

_BEGUN = (DecisionKind.FORM, DecisionKind.INTENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A message, with the labels of what it asks for."""

    say: str
    wants: tuple[str, ...]

    @property
    def intents(self) -> frozenset[str]:
        """The intents that it asks for."""
        return frozenset(WANTS[each] for each in self.wants if each in WANTS)


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of a message.

    Attributes:
        line: The message.
        intents: Those that were begun, queued or answered.
        offered: Those between which the bot asks.
        kind: Of the decision.
    """

    line: Line
    intents: frozenset[str]
    offered: frozenset[str]
    kind: str

    @property
    def outcome(self) -> str:
        """What it is in the figures."""
        wanted = self.line.intents
        if self.kind == DecisionKind.SAFETY:
            return "wrong"
        if self.intents == wanted:
            return "right"
        if not self.intents <= wanted:
            return "wrong"
        if self.intents:
            return "in part"
        return "asked" if self.offered & wanted else "not known"


def read_lines(path: Path) -> Sequence[Line]:
    """Return the messages of a list."""
    root = read(path).root
    content = [] if root is None else plain(root, resolve=True)
    return TypeAdapter(tuple[Line, ...]).validate_python(content)


async def play_lines(instance: Instance, lines: Sequence[Line]) -> Sequence[Begun]:
    """Send each message in a conversation of its own."""
    found = []
    for number, line in enumerate(lines):
        place = f"line{number}"
        reply = await instance.say(place, line.say)
        found.append(await _begun(instance, line, reply, place))
    return found


async def _begun(instance: Instance, line: Line, reply: Reply, place: str) -> Begun:
    intents = set[str]()
    for part in reply.decision.parts if reply.decision else ():
        if part.kind == DecisionKind.HANDOFF:
            intents.add("person")
        elif part.kind in _BEGUN:
            intents |= {each.name for each in part.intents[:1]}
    form = await instance.form(place)
    if form is not None:
        intents |= {form.intent, *form.queued}
    offered = set[str]()
    for button in reply.buttons if reply.kind == DecisionKind.CLARIFY else ():
        meant = await instance.meaning(button.id)
        if meant is not None and meant.kind == "intent":
            offered.add(meant.value)
    return Begun(line, frozenset(intents), frozenset(offered), reply.kind)


def show_lines(found: Sequence[Begun], *, lines: bool) -> None:
    """Print the figures, and the messages that are not right."""
    for each in found if lines else ():
        if each.outcome != "right":
            said = ", ".join(sorted(each.intents)) or f"asks {', '.join(sorted(each.offered))}"
            print(f"{each.outcome} ({each.kind}: {said}) {list(each.line.wants)}: {each.line.say}")
    groups = {
        "one request": [each for each in found if len(each.line.intents) == 1],
        "several requests": [each for each in found if len(each.line.intents) > 1],
        "none": [each for each in found if not each.line.intents],
    }
    for title, group in groups.items():
        counts = Counter(each.outcome for each in group)
        figures = ", ".join(f"{n} {outcome}" for outcome, n in counts.most_common())
        print(f"{title}: {len(group)} messages: {figures}")
