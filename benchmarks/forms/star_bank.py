"""Replays bank conversations of STAR against a bank's forms, and checks what must always hold.

The bot is not the one that the customers spoke to, so that their lines do not always fit: what
counts is that no question is asked more than three times without a way out, that no slot changes
that was neither asked for nor corrected, and that stop, skip, why and a wish for a person are
honoured at every question.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.forms.desk import Answered, FormDesk, open_desk
from bot.messages import DecisionKind
from bot.open_form import OpenForm

BANK = Path(__file__).parent / "bank"

WAYS_OUT = {"Stop", "Ask a person"}

STOP, SKIP, WHY, HUMAN = "stop", "skip this one", "why do you need that?", "I want a human"


@dataclass
class Tally:
    """What was seen.

    Attributes:
        counts: Of conversations, lines, questions and checks.
        broken: What did not hold, one a line, without what customers wrote.
    """

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def check(self, name: str, held: bool, where: str) -> None:
        """Count a check."""
        self.counts[name] += 1
        if not held:
            self.broken.append(f"{name}: {where}")


def tables(data: Path, limit: int | None = None) -> list[str]:
    """Return the lines of a report about all conversations, or the first ones."""
    tally = asyncio.run(_replay(list(_conversations(data))[:limit]))
    broken = Counter(each.partition(":")[0] for each in tally.broken)
    held = [f"  {name}: broken {broken[name]} of {tally.counts[name]}" for name in CHECKS]
    counted = [f"  {name}: {tally.counts[name]}" for name in COUNTED]
    shown = [f"    {each}" for each in tally.broken[:20]]
    return ["star_bank", *counted, *held, *shown]


COUNTED = ("happy conversations", "other conversations", "lines", "questions", "finished")


CHECKS = (
    "a question is asked three times at most without a way out",
    "no slot changes that was neither asked for nor corrected",
    "stop is honoured",
    "skip is honoured",
    "why is honoured",
    "a wish for a person is honoured",
)


def _conversations(data: Path) -> Iterator[dict[str, Any]]:
    path = data / "star_bank" / "dialogues.jsonl"
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


async def _replay(conversations: Sequence[dict[str, Any]]) -> Tally:
    tally, probed = Tally(), set[tuple[str, str, int]]()
    async with open_desk(BANK) as desk:
        for each in conversations:
            tally.counts["happy conversations" if each["happy"] else "other conversations"] += 1
            await _converse(desk, each, tally, probed)
    return tally


async def _converse(
    desk: FormDesk, conversation: dict[str, Any], tally: Tally, probed: set[tuple[str, str, int]]
) -> None:
    where = f"terminal:a:{conversation['id']}"
    asked = Counter[tuple[str, str]]()
    for event in conversation["events"]:
        if event["Agent"] != "User" or not event.get("Text", "").strip():
            continue
        before = await desk.form(where)
        answered = await desk.say(where, event["Text"])
        tally.counts["lines"] += 1
        tally.check(CHECKS[1], not _wrongly_changed(before, answered), where)
        form = answered.form
        if before is not None and form is None:
            tally.counts["finished"] += 1
        if form is None or form.asked == "" or answered.decision.kind is DecisionKind.SAFETY:
            continue
        key = (form.id, form.asked)
        asked[key] += 1
        tally.counts["questions"] += 1
        leaves = asked[key] <= 2 or bool(WAYS_OUT & {*answered.buttons})
        tally.check(CHECKS[0], asked[key] <= 3 or leaves, f"{where}, {form.asked}")
        state = (form.intent, form.asked, form.tries)
        if state not in probed:
            probed.add(state)
            await _probe(desk, where, form, tally)
        if answered.decision.kind is DecisionKind.HANDOFF:
            return


def _wrongly_changed(before: OpenForm | None, answered: Answered) -> bool:
    """Return whether a slot changed that was neither asked for nor corrected."""
    after = answered.form
    if before is None or after is None or before.id != after.id:
        return False
    held = {name: each.value for name, each in before.slots.items()}
    changed = {
        name
        for name, each in after.slots.items()
        if name != before.asked and held.get(name) != each.value
    }
    corrected = any(reason.endswith(": Correct") for reason in answered.decision.reasons)
    return bool(changed) and not (corrected and len(changed) == 1)


async def _probe(desk: FormDesk, where: str, form: OpenForm, tally: Tally) -> None:
    """Say what must be honoured at an open question; nothing of it is kept."""
    place = f"{form.intent}, {form.asked}, try {form.tries}"
    stopped = await desk.say(where, STOP, keeps=False)
    over = stopped.form is None or stopped.form.id != form.id  # what waited behind it may begin
    tally.check(CHECKS[2], over, place)
    skipped = await desk.say(where, SKIP, keeps=False)
    left = skipped.form is None or form.asked in skipped.form.skipped
    tally.check(CHECKS[3], left or bool(WAYS_OUT & {*skipped.buttons}), place)
    why = await desk.say(where, WHY, keeps=False)
    same = why.form is not None and (why.form.asked, why.form.tries) == (form.asked, form.tries)
    tally.check(CHECKS[4], same, place)
    person = await desk.say(where, HUMAN, keeps=False)
    tally.check(CHECKS[5], person.decision.kind is DecisionKind.HANDOFF, place)
