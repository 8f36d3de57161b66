"""An open form: what a person is being asked for, where, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

FormStep = Literal["slots", "offer", "proof", "confirm"]
"""What the form waits for: a slot, a yes to sending a code, a proof of identity, or the
confirmation of a write."""

PROVING: tuple[FormStep, ...] = ("offer", "proof")
"""The steps in which the customer is to prove who they are."""


@dataclass(frozen=True, slots=True)
class SlotValue:
    """The value of a slot.

    Attributes:
        value: As actions take it: text, a number, an ISO date, `20.00 EUR`; a list where the slot
            takes several.
        shown: As the customer reads it.
    """

    value: Any
    shown: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The open form of a person in a conversation, at one version.

    Attributes:
        id: Of this form; idempotency keys are made of it.
        conversation: Key of the conversation that it is answered in.
        author: Key of the person.
        intent: Whose form it is.
        intents_hash: Of the intents that it was opened with.
        language: BCP 47 tag that it is led in.
        expires_at: When it is closed.
        slots: Filled slots, by name, in the order in which they were filled.
        skipped: Names of slots that the customer did not want to fill.
        asked: What was asked last: the name of the slot or, for a code or a proof, of the action;
            for a confirmation, the hash of the values; empty: nothing.
        tries: How often it was asked.
        step: What the form waits for.
        results: What read actions returned, by the name of the value.
        queued: Intents that the customer asked for meanwhile, in order.
        origin: Key of the conversation that it came from, where it was moved to be private; empty:
            it began where it is.
        recalled: Names of slots of which an earlier value was proposed.
        said_before: Values of the first message that are checked once it is their slot's turn.
        proposed: A value that the customer wrote before and is asked to confirm; None: none.
        confirmed: Hash of the values that the customer confirmed; empty: none.
        asides: How often the question was repeated after an answer to something else.
        said: What was asked last, in Markdown, for windows in which it is answered.
        offered: Id and label of each button under that.
        version: Counts changes; 0 until it is stored.
    """

    id: str
    conversation: str
    author: str
    intent: str
    intents_hash: str
    language: str
    expires_at: datetime
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    asked: str = ""
    tries: int = 0
    step: FormStep = "slots"
    results: Mapping[str, Any] = field(default_factory=dict)
    queued: tuple[str, ...] = ()
    origin: str = ""
    recalled: tuple[str, ...] = ()
    said_before: Mapping[str, SlotValue] = field(default_factory=dict)
    proposed: SlotValue | None = None
    confirmed: str = ""
    asides: int = 0
    said: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    version: int = 0

    def value(self, slot: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Return the value of a slot; None where it is not filled."""
        filled = self.slots.get(slot)
        return None if filled is None else filled.value


@dataclass(frozen=True, slots=True)
class FormChange:
    """What an event makes of a person's form, stored in the transaction that finishes the event.

    Attributes:
        before: As it was read; None: none was open.
        after: As it is to be; None: it is closed.
    """

    before: OpenForm | None
    after: OpenForm | None
