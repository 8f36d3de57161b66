"""Plays a scripted customer: answers what the bot asks for, confirms only what is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.after_sales.actions import split
from benchmarks.after_sales.customers import Customer, Request, answer, proof
from benchmarks.after_sales.instance import Instance
from bot.answering.forms.questions import CONFIRM, NO, STOP
from bot.app.conversation_tests.collecting import Reply
from bot.messages import Button, DecisionKind
from bot.open_form import OpenForm

KEYS: Mapping[str, str] = {"product": "items"}
"""What customers call a slot, where it is not its name."""

_MOST_TURNS = 20
_STOP = ("never mind", "Never mind, please.", "forget it")


@dataclass(slots=True)
class Played:
    """What came of a conversation.

    Attributes:
        lines: What was said, for reading.
        failed: Why requests that end in a write did not.
        handed_over: Requests in which a person was called.
    """

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    handed_over: list[str] = field(default_factory=list)


class ScriptedCustomer:
    """A customer with one of their phrasings, in a conversation of their own.

    Args:
        instance: The bot.
        customer: Who it is.
        phrasing: Which of the three.
        place: The conversation.
    """

    def __init__(self, instance: Instance, customer: Customer, phrasing: int, place: str) -> None:
        self._instance = instance
        self._customer = customer
        self._phrasing = phrasing
        self._place = place
        self._proofs = 0
        self.played = Played()

    async def play(self) -> Played:
        """Bring one request after the other."""
        for request in self._customer.requests:
            await self._bring(request)
        return self.played

    async def _bring(self, request: Request) -> None:
        form, done = await self._form(), len(self._instance.shop.session.writes)
        if form is not None and form.intent != request.intent:
            await self._stop()
            form = await self._form()
        self.played.lines.append(
            f"-- {request.wants}, {request.expects} {dict(request.must or {})}"
        )
        reply = None if form is not None else await self._say(request.opens[self._phrasing])
        reason = await self._lead(request, reply)
        if request.expects == "write" and len(self._instance.shop.session.writes) == done:
            self.played.failed.append(f"{request.wants}: {reason}")

    async def _lead(self, request: Request, reply: Reply | None) -> str:
        """Answer until the bot asks for nothing more; return how it ended."""
        for _ in range(_MOST_TURNS):
            if reply is not None and reply.kind == DecisionKind.HANDOFF:
                self.played.handed_over.append(request.wants)
            form = await self._form()
            if form is None:
                pressed = await self._choose(request, reply) if reply is not None else None
                if pressed is None:
                    return _ended(reply)
                reply = pressed
            elif form.intent != request.intent:
                await self._stop()
                return f"taken for {form.intent}"
            elif form.step == "confirm":
                return await self._confirm(request, form, reply)
            else:
                reply = await self._answer(request, form, reply)
        return "no end"

    async def _answer(self, request: Request, form: OpenForm, reply: Reply | None) -> Reply:
        if form.step == "proof":
            self._proofs += 1
            return await self._say(proof(self._customer.who, self._phrasing, self._proofs - 1))
        if form.proposed is not None and reply is not None:
            refuse = await self._button(reply, NO)
            if refuse is not None:
                return await self._press(refuse)
        return await self._say(answer(request, KEYS.get(form.asked, form.asked), self._phrasing))

    async def _choose(self, request: Request, reply: Reply) -> Reply | None:
        """Press the button of what is wanted, where the bot asks which of several it is."""
        for button in reply.buttons if reply.kind == DecisionKind.CLARIFY else ():
            meant = await self._instance.meaning(button.id)
            if meant is not None and meant.kind == "intent" and meant.value == request.intent:
                return await self._press(button)
        return None

    async def _confirm(self, request: Request, form: OpenForm, reply: Reply | None) -> str:
        """Confirm a summary that is what must be; else decline it."""
        agreed = request.confirms and request.must is not None
        summary = summary_of(form)
        if agreed and is_meant(summary, request.must or {}) and reply is not None:
            button = await self._button(reply, CONFIRM)
            if button is not None:
                self._instance.shop.session.confirmed.append(request.intent)
                await self._press(button)
                return "confirmed"
        await self._stop(reply)
        return f"declined {summary}" if agreed else "declined, as scripted"

    async def _stop(self, reply: Reply | None = None) -> None:
        """End the open form, and those that wait behind it."""
        for _ in range(_MOST_TURNS):
            button = await self._button(reply, STOP) if reply is not None else None
            if button is not None:
                reply = await self._press(button)
            else:
                reply = await self._say(_STOP[self._phrasing])
            if await self._form() is None:
                return

    async def _form(self) -> OpenForm | None:
        return await self._instance.form(self._place)

    async def _button(self, reply: Reply, does: str) -> Button | None:
        for button in reply.buttons:
            meant = await self._instance.meaning(button.id)
            if meant is not None and meant.kind == "form" and meant.value.startswith(does):
                return button
        return None

    async def _say(self, text: str) -> Reply:
        return self._noted(f"> {text}", await self._instance.say(self._place, text))

    async def _press(self, button: Button) -> Reply:
        return self._noted(
            f"> [{button.label}]", await self._instance.press(self._place, button.id)
        )

    def _noted(self, said: str, reply: Reply) -> Reply:
        reason = "; ".join(reply.decision.reasons) if reply.decision else ""
        self.played.lines += [said, f"< {reply.text}  ({reply.kind}: {reason})"]
        return reply


def summary_of(form: OpenForm) -> Mapping[str, Any]:
    """Return the values of a form under the names of the published tasks."""
    found: dict[str, Any] = {}
    for name, each in form.slots.items():
        match name:
            case "order":
                found["order_id"] = each.value
            case "items":
                found.setdefault("item_ids", each.value)
            case "options":
                found["item_ids"], found["new_item_ids"] = split(each.value)
            case "payment":
                found["payment_method_id"] = each.value
            case "address":
                found |= each.value
            case _:
                found[name] = each.value
    return found


def is_meant(summary: Mapping[str, Any], must: Mapping[str, Any]) -> bool:
    """Return whether a summary has just the arguments that must be; items in any order."""
    wanted = {key: value for key, value in must.items() if key != "user_id"}
    if summary.keys() != wanted.keys():
        return False
    pairs = _pairs(summary), _pairs(wanted)
    rest = [
        {key: value for key, value in each.items() if key not in ("item_ids", "new_item_ids")}
        for each in (summary, wanted)
    ]
    return pairs[0] == pairs[1] and rest[0] == rest[1]


def _pairs(values: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    items: Sequence[str] = values.get("item_ids", ())
    new: Sequence[str] = values.get("new_item_ids", ("",) * len(items))
    return Counter(zip(items, new, strict=False))


def _ended(reply: Reply | None) -> str:
    if reply is None:
        return "nothing was said"
    intents = ", ".join(reply.intents)
    return f"{reply.kind} {intents}: {reply.text[:80]}".replace("\n", " ")
