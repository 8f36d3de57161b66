"""The actions of an instance: called where customers are served, shown everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.answering.actions import ActionCaller, ActionRunner, ActionsOfProof, RehearsedActions
from bot.answering.actions.writes import Writes
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import Actions, ProofCalls, Proofs
from bot.storage.action_calls import ActionCalls
from bot.understanding.intents.actions import ActionsFile


@dataclass(frozen=True, slots=True)
class ActionTools:
    """What outlives a change of `actions.yaml`.

    Attributes:
        caller: Calls actions; None: they are shown only.
        writes: Sends writes.
        proofs: Makes the proofs for a file; None: nobody can prove anything.
    """

    caller: ActionCaller | None = None
    writes: Writes | None = None
    proofs: Callable[[ActionsFile, ProofCalls], Proofs] | None = None

    def of(self, file: ActionsFile) -> Actions:
        """Return the actions of a file."""
        if self.caller is None or self.writes is None:
            return RehearsedActions(file)
        calls = ActionsOfProof(file, self.caller)
        proofs = self.proofs(file, calls) if self.proofs else None
        return ActionRunner(file, self.caller, self.writes, proofs)


def action_tools(
    config: Config, environment: Mapping[str, str], resources: Resources, *, live: bool
) -> ActionTools:
    """Return the actions of a process.

    Args:
        config: In shadow mode nothing is called.
        environment: Environment variables, for secrets.
        resources: Of the process.
        live: Actions are called.
    """
    if not live or config.serve.shadow:
        return ActionTools()
    caller = ActionCaller(environment, resources.clock, resources.room.queued_alerts)
    calls = ActionCalls(resources.database)
    return ActionTools(caller, Writes(calls, caller, resources.clock))
