"""The actions of an instance: called where customers are served, shown everywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.actions import (
    ActionCaller,
    ActionRunner,
    ActionsOfProof,
    CallsShop,
    RehearsedActions,
)
from bot.answering.actions.settling import SettleCalls, SettledText
from bot.answering.actions.writes import Writes
from bot.answering.replies import Replies
from bot.answering.wording import BotWording
from bot.app.private import PrivatePlaces
from bot.app.proofs import MakesProofs, ProofParts, proof_tools
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.messages import Visibility
from bot.ports import Actions, ProofDialogue
from bot.publishing.bundle import ActiveBundle
from bot.storage.action_calls import ActionCalls
from bot.storage.conversation_states import StoredStates
from bot.understanding.intents import IntentSet
from bot.understanding.intents.actions import ActionsFile


@dataclass(frozen=True, slots=True)
class ActionTools:
    """What outlives a change of `actions.yaml`.

    Attributes:
        caller: Calls actions; None: they are shown only.
        environment: Environment variables.
        writes: Sends writes.
        proof: Makes the proofs of identity for a file; None: nobody can prove anything.
        jobs: Background jobs.
        private: Where forms go on that are personal; None: they go on nowhere else.
    """

    caller: CallsShop | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    writes: Writes | None = None
    proof: MakesProofs | None = None
    jobs: Sequence[SettleCalls] = ()
    private: PrivatePlaces | None = None

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
    current: ActiveBundle,
    *,
    live: bool | None,
    shop: CallsShop | None = None,
) -> ActionTools:
    """Return the actions of a process.

    Args:
        config: In shadow mode nothing is called.
        environment: Environment variables, for secrets.
        current: Holds `actions.yaml` as it is now.
        resources: Of the process.
        live: Actions are called; None: where customers are served.
        shop: Answers in place of the shop, and may have proofs of its own; None: actions are
            called, or shown.
    """
    called = resources.public if live is None else live
    if shop is None and (not called or config.serve.shadow):
        return ActionTools(environment=environment)
    clock, room, meter = resources.clock, resources.room, resources.operations.meter.actions
    caller = shop or ActionCaller(environment, clock, room.queued_alerts, meter=meter)
    calls = ActionCalls(resources.database)
    writes = Writes(calls, caller, clock)
    settling = SettleCalls(
        calls,
        writes,
        lambda: current.desk.intents.actions,
        lambda action, language: name_of(config, current.desk.intents, action, language),
        BotWording(config.responder, config.language.default, resources.served),
        clock,
        alerts=room.alerts,
        meter=meter,
        wake=resources.outbox.wake,
    )
    proofs = caller if isinstance(caller, MakesProofs) else proof_tools(config, resources)
    places = PrivatePlaces.of(resources.adapters, StoredStates(resources.database, clock))
    return ActionTools(caller, environment, writes, proofs, jobs=(settling,), private=places)


def name_of(config: Config, intents: IntentSet, action: str, language: str) -> SettledText:
    """Return how an action is named to customers: as the first intent that runs it."""
    replies = Replies(intents, language_default=config.language.default, values={})
    for intent in intents.intents:
        if intent.entry.action == action:
            title = replies.title(intent.name, language=language)
            return SettledText(title, Visibility(intent.entry.visibility))
    return SettledText(action.replace("_", " "))
