"""Checks of `proof:` in `actions.yaml`: that each way can be gone, and says who it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.errors import Problem
from bot.understanding.intents.actions.names import CUSTOMER, RESERVED
from bot.understanding.intents.actions.schema import ActionsFile
from bot.yamlfile import Document, resembling

_Key = tuple[str, str]

_PROVIDES: Mapping[_Key, tuple[str, ...]] = {
    ("code", "find"): ("subject", "address"),
    ("linked", "redeem"): ("subject",),
    ("platform_email", "find"): ("subject",),
    ("current", "address"): ("address",),
}
"""Values that the actions must return."""

_USES: Mapping[_Key, frozenset[str]] = {
    ("code", "send"): frozenset({CUSTOMER, "code"}),
    ("linked", "redeem"): frozenset({"code"}),
    ("platform_email", "find"): frozenset({"email"}),
    ("current", "address"): frozenset({CUSTOMER}),
}
"""Values that the actions are called with."""


def check_proof(file: ActionsFile, document: Document) -> Iterator[Problem]:
    """Yield all errors about the actions by which customers prove who they are."""
    for key, name in file.proof.used().items():
        loc = ("proof", *key)
        action = file.actions.get(name)
        if action is None:
            yield document.problem(loc, f'unknown action "{name}"', resembling(name, file.actions))
            continue
        uses = set(action.uses)
        for value in _PROVIDES.get(key, ()):
            if value not in action.returns:
                wrong = f"{name} does not provide {value}"
                yield document.problem(loc, wrong, "add it to its `returns`")
        for value in sorted(_USES.get(key, frozenset()) - uses):
            wrong = f"{name} does not use {{{value}}}"
            yield document.problem(loc, wrong, "send it to the shop")
        for value in sorted((RESERVED & uses) - _USES.get(key, frozenset())):
            wrong = f"{name} uses {{{value}}}, which nobody knows there"
            yield document.problem(loc, wrong, "delete it")
        if key == ("code", "find") and not uses:
            wrong = f"{name} is called with nothing to find a customer by"
            yield document.problem(loc, wrong, "send a value of the form, such as {order_number}")
    if file.proof.code is not None and file.proof.current is None:
        wrong = "nothing tells when the address in the shop has changed"
        remedy = "write `current: {address: ACTION}` in `proof:`"
        yield document.problem(("proof", "code"), wrong, remedy)
