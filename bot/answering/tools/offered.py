"""The tools that actions are offered to GPT as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import Tool
from bot.ports.actions import ProofWay
from bot.understanding.intents.actions import ActionsFile

LONGEST = 100
"""Characters of an argument."""


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """An action that GPT may ask for.

    Attributes:
        name: Of the action.
        title: What it does; stands above its result where GPT chooses.
        needs: Names of its arguments: what the proof tells is not among them.
        proof: The ways of which one is needed; empty: none is.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    proof: tuple[ProofWay, ...]

    @property
    def tool(self) -> Tool:
        """It, as a model is told of it."""
        argument = {"type": "string", "maxLength": LONGEST}
        schema = {
            "type": "object",
            "properties": dict.fromkeys(self.needs, argument),
            "required": list(self.needs),
            "additionalProperties": False,
        }
        return Tool(self.name, self.title, schema)


def tools_of(file: ActionsFile) -> Sequence[OfferedTool]:
    """Return the actions with `gpt: true`; the loader lets no write be one."""
    return [
        OfferedTool(
            name,
            action.description or name.replace("_", " "),
            file.needs(name),
            action.proof,
        )
        for name, action in file.actions.items()
        if action.gpt and not action.writes and name not in file.of_proof
    ]
