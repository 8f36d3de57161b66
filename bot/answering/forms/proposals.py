"""Commands that GPT proposes for a message that nothing else could read, and their validation.

A proposal names a command of `bot/answering/forms/commands.py`. Values are never taken from the
model: it only says which of the customer's own words are meant, and the extractor of the slot reads
those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.forms.commands import (
    Answer,
    Command,
    Correct,
    Human,
    No,
    Repeat,
    SecondRequest,
    SideQuestion,
    Skip,
    Stop,
    Why,
    Yes,
)
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.own_words import own_words
from bot.answering.forms.turn import FormTurn
from bot.open_form import OpenForm, SlotValue

ProposedCommand = Literal[
    "human",
    "stop",
    "answer",
    "correct",
    "skip",
    "why",
    "repeat",
    "side_question",
    "second_request",
    "yes",
    "no",
    "none",
]

_PLAIN: Mapping[ProposedCommand, Command] = {
    "human": Human(),
    "stop": Stop(),
    "skip": Skip(),
    "why": Why(),
    "repeat": Repeat(),
    "side_question": SideQuestion(),
    "second_request": SecondRequest(),
    "yes": Yes(),
    "no": No(),
}

_OF_SLOTS = {"answer", "skip"}
"""Commands about a slot that is asked for."""


class Proposal(BaseModel):
    """What the model proposes.

    Attributes:
        command: One of the list.
        slot: The slot that is answered or corrected; empty: none.
        words: The customer's words that hold the value; empty: none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    command: ProposedCommand
    slot: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Proposable:
    """What may be proposed in an open form.

    Attributes:
        commands: Names of commands.
        asked: The slot that is asked for; empty: none.
        filled: Slots that can be corrected.
    """

    commands: Sequence[ProposedCommand]
    asked: str
    filled: Sequence[str]

    @property
    def schema(self) -> Mapping[str, object]:
        """The JSON schema of a proposal."""
        slots = ["", *filter(None, (self.asked, *self.filled))]
        properties = {
            "command": {"type": "string", "enum": [*self.commands]},
            "slot": {"type": "string", "enum": slots},
            "words": {"type": "string"},
        }
        return {
            "type": "object",
            "properties": properties,
            "required": [*properties],
            "additionalProperties": False,
        }


def proposable(form: OpenForm, slots: Mapping[str, object]) -> Proposable:
    """Return what may be proposed; never a yes to the summary of a write.

    Args:
        form: As it is open.
        slots: Of its intent.
    """
    asked = form.asked if form.step == "slots" and form.asked in slots else ""
    filled = [name for name in form.slots if name in slots and name != asked]
    left_out = set() if asked else {*_OF_SLOTS}
    if not filled:
        left_out.add("correct")
    if form.step != "slots" or form.proposed is None:
        left_out.add("yes")
    if form.step != "confirm" and form.proposed is None:
        left_out.add("no")
    names: Sequence[ProposedCommand] = get_args(ProposedCommand)
    return Proposable([name for name in names if name not in left_out], asked, filled)


def read_proposal(written: str) -> Proposal | None:
    """Return the proposal that a completion holds; None: it holds none.

    >>> read_proposal('```json {"command": "stop", "slot": "", "words": ""} ```').command
    'stop'
    """
    found = written[written.find("{") : written.rfind("}") + 1]
    try:
        return Proposal.model_validate(json.loads(found))
    except (ValidationError, ValueError, RecursionError):
        return None


def command_of(
    proposal: Proposal, form: OpenForm, text: str, machine: FormMachine, turn: FormTurn
) -> Command | None:
    """Return the command of a proposal that holds; None: it does not.

    Args:
        proposal: As the model wrote it, its personal data restored.
        form: As it is open.
        text: What the customer wrote.
        machine: Reads slots.
        turn: The event.
    """
    allowed = proposable(form, machine.entry(form).slots)
    if proposal.command not in allowed.commands:
        return None
    if proposal.command in _PLAIN:
        return _PLAIN[proposal.command]
    words = own_words(proposal.words, text)
    if not words:
        return None
    if proposal.command == "answer" and proposal.slot == allowed.asked:
        reading = machine.read(form, proposal.slot, words, turn)
        return Answer(reading) if reading.value is not None or reading.candidates else None
    if proposal.command == "correct" and proposal.slot in allowed.filled:
        reading = machine.read(form, proposal.slot, words, turn)
        if reading.value is not None and reading.value != form.value(proposal.slot):
            return Correct(proposal.slot, SlotValue(reading.value, reading.shown))
    return None
