"""The proofs of identity of an instance, over the actions of one `actions.yaml` after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, runtime_checkable

from bot.answering.proof import (
    AskedProof,
    CheckedProofs,
    CodeSender,
    Hashes,
    LinkedAccounts,
    ProofRoutes,
    read_key,
)
from bot.answering.wording import BotWording
from bot.app.resources import Resources
from bot.config.proof import ProofConfig
from bot.config.schema import Config
from bot.ports import (
    Alerts,
    Clock,
    KnowsEmail,
    LinksAccounts,
    ProofCalls,
    ProofDialogue,
    ProofMeter,
    Proofs,
    Wording,
)
from bot.storage import Database
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs
from bot.understanding.intents.actions import ActionsFile


@dataclass(frozen=True, slots=True)
class ProofParts:
    """What proves, asks and links with the actions of one file.

    Attributes:
        proofs: Checked beside each call.
        dialogue: Asks customers.
        accounts: Links accounts; None: none can be linked.
    """

    proofs: Proofs
    dialogue: ProofDialogue
    accounts: LinksAccounts | None = None


@runtime_checkable
class MakesProofs(Protocol):
    """Makes what proves with the actions of one file after the other."""

    def of(self, file: ActionsFile, calls: ProofCalls) -> ProofParts | None:
        """Return what works with the actions of a file; None: it has none for proofs."""
        ...


@dataclass(frozen=True, slots=True)
class ProofTools:
    """What outlives a change of `actions.yaml`.

    Attributes:
        config: The ways that are allowed, and the limits.
        hashes: With the key of the instance, which is made when it is first needed.
        database: Holds codes and proofs.
        clock: The time.
        wording: The bot's own texts.
        alerts: Tells staff of floods; None: nobody is told.
        emails: Adapters that can tell a verified address, by platform.
        meter: Counts; None: nobody counts.
    """

    config: ProofConfig
    hashes: Callable[[], Hashes]
    database: Database
    clock: Clock
    wording: Wording
    alerts: Alerts | None = None
    emails: Mapping[str, KnowsEmail] = field(default_factory=dict)
    meter: ProofMeter | None = None

    def of(self, file: ActionsFile, calls: ProofCalls) -> ProofParts | None:
        """Return what works with the actions of a file; None: it has none for proofs.

        Args:
            file: Names the actions in `proof:`.
            calls: Calls them.

        Raises:
            ConfigError: The key cannot be read or made.
        """
        if not file.proof.used():
            return None
        routes, limits = _routes(file, self.config), self.config.limits
        hashes = self.hashes()
        codes = StoredCodes(self.database, self.clock, limits)
        stored = StoredProofs(self.database, self.clock, limits)
        proofs = CheckedProofs(routes, calls, stored, hashes, self.emails)
        sender = CodeSender(routes, calls, codes, hashes, self.clock, self.alerts)
        accounts = LinkedAccounts(routes, calls, codes, stored, self.wording, self.meter)
        parts = (routes, proofs, sender, accounts, codes, stored, hashes, self.wording)
        return ProofParts(proofs, AskedProof(*parts, self.alerts, self.meter), accounts)


def proof_tools(config: Config, resources: Resources) -> ProofTools:
    """Return the proofs of a process."""
    emails = {each.name: each for each in resources.adapters if isinstance(each, KnowsEmail)}
    return ProofTools(
        config.proof,
        cache(lambda: Hashes(read_key(config.proof.key))),
        resources.database,
        resources.clock,
        BotWording(config.responder, config.language.default, resources.served),
        resources.room.queued_alerts,
        emails,
        resources.operations.proofs,
    )


def _routes(file: ActionsFile, config: ProofConfig) -> ProofRoutes:
    named = file.proof
    return ProofRoutes(
        ways=config.ways,
        find=named.code.find if named.code else "",
        needs=file.needs(named.code.find) if named.code else (),
        send=named.code.send if named.code else "",
        current=named.current.address if named.current else "",
        redeem=named.linked.redeem if named.linked else "",
        by_email=named.platform_email.find if named.platform_email else "",
    )
