"""Ports of what customers get done: open forms, actions, proofs of identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.messages import Message
from bot.open_form import OpenForm

ProofWay = Literal["linked", "platform_email", "code"]
"""How a customer proves who they are: an account linked before, the address that the platform
verified, or a one-time code sent by the shop to the address that it holds."""

ActionState = Literal[
    "done", "failed", "unknown", "unproven", "unavailable", "rehearsed", "not_confirmed"
]
"""What came of an action: it is done; the shop refused it, or a read failed; nobody knows whether
a write took place; the proof that it needs is missing; the shop is down, and nothing was sent; it
was shown, not called; it is a write, and no confirmation of just these values was given."""


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """What forms must know of an action before they run it.

    Attributes:
        writes: It changes something in the shop, so that it is confirmed and done at most once.
        needs: Names of the values that it is called with, without those from the proof.
        provides: Names of the values that it returns.
        keys: Keys of the objects in a list that it returns, by its name, where they are known.
        proof: The ways of which one is needed, in the order in which they are tried; empty: none.
        confirm: What the customer confirms before a write, by language, with placeholders; empty:
            the bot's own summary.
        on_error: What the customer reads when it fails, by language, with placeholders; empty: a
            person is called.
        set_up: The environment variables that it needs are set; where they are not, its forms are
            not begun.
    """

    name: str
    writes: bool
    needs: tuple[str, ...]
    provides: tuple[str, ...]
    proof: tuple[ProofWay, ...] = ()
    confirm: Mapping[str, str] = field(default_factory=dict)
    on_error: Mapping[str, str] = field(default_factory=dict)
    set_up: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        """Whether what it returns may be shown to the customer alone."""
        return bool(self.proof)


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """A call of an action for a customer.

    Attributes:
        action: Its name in `actions.yaml`.
        values: By name: slots and the results of earlier actions.
        message: Who asks, and where.
        language: BCP 47 tag of the customer's language.
        form: Id of the form; empty: of none.
        step: Of the form; the idempotency key of a write is a hash of form and step.
        confirmed: `values_hash(values)`, as the customer confirmed it; empty: nothing was.
    """

    action: str
    values: Mapping[str, Any]
    message: Message
    language: str
    form: str = ""
    step: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of a call.

    Attributes:
        values: What it provides, by name; with `rehearsed`, its example.
        error: Name of the error as the action's `errors` has it, such as `not_found`; empty: none.
        reason: What happened, for staff and logs; never for customers.
        shown: With `rehearsed` and no example, the call that would be made.
        settles: With `unknown`: it is looked up in the background, and the customer is told; else
            a person has to find out.
    """

    state: ActionState
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    reason: str = ""
    shown: str = ""
    settles: bool = False


class Actions(Protocol):
    """The actions of `actions.yaml`."""

    def info(self, action: str) -> ActionInfo | None:
        """Return what forms must know of an action; None: there is none of this name."""
        ...

    def is_available(self, action: str) -> bool:
        """Return whether the shop answers, as far as its circuit breaker knows."""
        ...

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run an action: a read as often as it is asked for, a write at most once for its key.

        The proof is checked here, right before the call. Never raises for what the shop does.
        """
        ...


@dataclass(frozen=True, slots=True)
class ProofStep:
    """What the dialogue about a proof has come to.

    Attributes:
        state: `proven`; `asked`: the customer was told what to send, or was told that it was wrong
            and may try again; `offered`: they are asked whether a code is to be sent; `ended`: no
            further try is left; `no_answer`: the message does not answer the question, and is none
            of the dialogue's business.
        said: What the customer is told, in Markdown; may be empty once it is proven.
    """

    state: Literal["proven", "asked", "offered", "ended", "no_answer"]
    said: str = ""


class ActionMeter(Protocol):
    """Counts calls of actions."""

    def action_called(self, action: str, state: ActionState, seconds: float) -> None:
        """Count a call of the shop, with what came of it."""
        ...

    def actions_open(self, count: int) -> None:
        """Set how many writes have no outcome."""
        ...


class Proofs(Protocol):
    """Who customers have proven to be; asked right before each call that needs it."""

    async def subject(self, request: ActionRequest, ways: Sequence[ProofWay]) -> str:
        """Return the shop's id of the customer who asks, as `{customer_id}` has it.

        Empty: none of the ways is proven any more, or others read what is answered.
        """
        ...


class ProofCalls(Protocol):
    """Calls the actions by which customers are found: those that the block `proof:` names."""

    async def call(
        self, action: str, values: Mapping[str, Any], request: ActionRequest
    ) -> ActionResult:
        """Call one of these actions once: no retry, no confirmation, no proof of its own.

        Never raises for what the shop does.

        Args:
            action: Its name.
            values: What it is called with; of these actions alone, `customer_id` may be among it.
            request: What the proof is needed for.
        """
        ...


class ProofDialogue(Protocol):
    """Asks a customer for a proof of identity, in private."""

    async def begin(
        self, request: ActionRequest, ways: Sequence[ProofWay], *, sends: bool = True
    ) -> ProofStep:
        """Begin: look for a proof that holds already, else have a code sent and ask for it.

        Said and timed the same for orders and customers that the shop does not know.

        Args:
            request: The call that needs it.
            ways: Those of which one is needed.
            sends: A code is sent; False: the customer has not come to where it is asked for, and
                is asked there whether it is to be sent.
        """
        ...

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        """Read what the customer wrote where a proof is asked for."""
        ...

    async def void_public_code(self, message: Message, *, asked: bool = False) -> str:
        """Void a code that was written where others read it; return what is said about it.

        Empty: the message has no code that was sent to its author.

        Args:
            message: As it was written.
            asked: Its author is asked for a proof in private: a code alone may be one for linking.
        """
        ...


class ProofMeter(Protocol):
    """Counts how customers prove who they are."""

    def proof(self, way: ProofWay, outcome: str) -> None:
        """Count what came of a code, or of asking for one; the outcome is one of few words."""
        ...


class LinksAccounts(Protocol):
    """Links the accounts of customers, where nothing else is asked of them."""

    async def link(self, request: ActionRequest) -> str:
        """Link the account whose code a message has; return what is said about it.

        Empty: the message has no such code, or accounts cannot be linked.
        """
        ...

    async def unlink(self, message: Message, language: str) -> str:
        """Forget what the author has proven; return what is said about it."""
        ...


class Forms(Protocol):
    """Stored open forms."""

    async def form(self, conversation: str, author: str) -> OpenForm | None:
        """Return the open form of a person in a conversation, expired or not."""
        ...

    async def moved(self, origin: str, author: str) -> OpenForm | None:
        """Return the open form of a person that was begun in a conversation and left it."""
        ...

    async def by_id(self, form: str) -> OpenForm | None:
        """Return an open form by its id, wherever it is answered."""
        ...
