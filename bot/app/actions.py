"""The actions of an instance: called where customers are served, shown everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.answering.actions import (
    ActionCaller,
    ActionRunner,
    ActionsOfProof,
    CallsShop,
    RehearsedActions,
)
from bot.answering.actions.writes import Writes
from bot.app.proofs import MakesProofs, ProofParts, proof_tools
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import Actions, ProofDialogue
from bot.storage.action_calls import ActionCalls
from bot.understanding.intents.actions import ActionsFile


@dataclass(frozen=True, slots=True)
class ActionTools:
    """What outlives a change of `actions.yaml`.

    Attributes:
        caller: Calls actions; None: they are shown only.
        environment: Environment variables.
        writes: Sends writes.
        proof: Makes the proofs of identity for a file; None: nobody can prove anything.
    """

    caller: CallsShop | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    writes: Writes | None = None
    proof: MakesProofs | None = None

    def of(self, file: ActionsFile) -> Actions:
        """Return the actions of a file."""
        if self.caller is None or self.writes is None:
            return RehearsedActions(file, self.environment)
        parts = self.proof_of(file)
        return ActionRunner(file, self.caller, self.writes, parts.proofs if parts else None)

    def proof_of(self, file: ActionsFile) -> ProofParts | None:
        """Return what asks customers of a file's actions for a proof; None: nothing does."""
        if self.caller is None or self.proof is None:
            return None
        return self.proof.of(file, ActionsOfProof(file, self.caller))

    def dialogue_of(self, file: ActionsFile) -> ProofDialogue | None:
        """Return what asks customers for a proof; None: nothing does."""
        parts = self.proof_of(file)
        return None if parts is None else parts.dialogue


def action_tools(
    config: Config,
    environment: Mapping[str, str],
    resources: Resources,
    *,
    live: bool | None,
    shop: CallsShop | None = None,
    proof: MakesProofs | None = None,
) -> ActionTools:
    """Return the actions of a process.

    Args:
        config: In shadow mode nothing is called.
        environment: Environment variables, for secrets.
        resources: Of the process.
        live: Actions are called; None: where customers are served.
        shop: Answers in place of the shop; None: actions are called, or shown.
        proof: Makes the proofs of identity; None: as `actions.yaml` and config have them.
    """
    called = resources.public if live is None else live
    if shop is None and (not called or config.serve.shadow):
        return ActionTools(environment=environment)
    caller = shop or ActionCaller(environment, resources.clock, resources.room.queued_alerts)
    calls = ActionCalls(resources.database)
    writes = Writes(calls, caller, resources.clock)
    return ActionTools(caller, environment, writes, proof or proof_tools(config, resources))
