"""The schema of `proof:` in `actions.yaml`: the actions by which customers prove who they are."""

from __future__ import annotations

from collections.abc import Mapping

from bot.understanding.intents.field_types import StrictModel, Text


class CodeActions(StrictModel):
    """`code:` one-time codes that the shop sends to the address that it holds."""

    find: Text
    """The action that finds the customer; it gets values of the form, such as an order number, and
    provides `subject` and `address`, or an error."""

    send: Text
    """The action that sends it; it gets `customer_id` and `code`, and is called for customers who
    were found alone, as often as `proof:` in config.yaml lets it."""


class LinkedActions(StrictModel):
    """`linked:` accounts that customers link with a code that the shop shows them."""

    redeem: Text
    """The action that redeems it; it gets `code`, and provides `subject`."""


class EmailActions(StrictModel):
    """`platform_email:` the address that the platform has verified."""

    find: Text
    """The action that finds the customer; it gets `email`, and provides `subject`."""


class CurrentActions(StrictModel):
    """`current:` what is asked before a proof by code is trusted again."""

    address: Text
    """The action that tells the address of today; it gets `customer_id`, and provides
    `address`."""


class ProofActions(StrictModel):
    """`proof:` the actions by which customers prove who they are."""

    code: CodeActions | None = None
    linked: LinkedActions | None = None
    platform_email: EmailActions | None = None
    current: CurrentActions | None = None

    def used(self) -> Mapping[tuple[str, str], str]:
        """Return the names of the actions, by the keys under which they are written."""
        return {
            (way, key): name
            for way, actions in self
            if actions is not None
            for key, name in actions
        }
