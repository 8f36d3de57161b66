"""Checks of `actions.yaml` that involve several values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from bot.errors import Problem
from bot.understanding.intents.actions.names import (
    CUSTOMER,
    KEY,
    allows,
    place_of,
)
from bot.understanding.intents.actions.proof_checks import check_proof
from bot.understanding.intents.actions.schema import Action, ActionsFile
from bot.yamlfile import Document, resembling

FOUND = "found"
"""The value by which a lookup tells whether a write took place."""

NOT_FOUND = "not_found"
"""The error by which a lookup tells that it did not."""

_USUAL = {80, 443}


def check_actions(file: ActionsFile, document: Document) -> Iterator[Problem]:
    """Yield all errors and warnings about a file whose values are sound by themselves."""
    for name, action in file.actions.items():
        checked = _Checked(file, document, name, action)
        yield from checked.host()
        yield from checked.reserved()
        yield from checked.proof()
        yield from checked.lookup()
        yield from checked.left_out()
    yield from check_proof(file, document)


class _Checked:
    """One action of a file."""

    def __init__(self, file: ActionsFile, document: Document, name: str, action: Action) -> None:
        self._file = file
        self._document = document
        self._name = name
        self._action = action

    def _problem(
        self,
        *loc: str,
        wrong: str,
        remedy: str,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        full = ("actions", self._name, *loc)
        return self._document.problem(full, wrong, remedy, severity=severity)

    def host(self) -> Iterator[Problem]:
        """Check that the host may be called."""
        if self._action.http is None:
            return
        host, port = place_of(self._action.http.url)
        if not allows(self._file.hosts, host, port, usual=port in _USUAL):
            shown = host if port in _USUAL else f"{host}:{port}"
            yield self._problem(
                "http", "url", wrong=f"{shown} is not among `hosts:`", remedy="add it to `hosts:`"
            )

    def reserved(self) -> Iterator[Problem]:
        """Check that nobody but the proof fills `customer_id`."""
        action, name = self._action, self._name
        told = name in self._file.told_customer | self._file.lookups
        if CUSTOMER in action.uses and not (action.proof or told):
            yield self._problem(
                wrong=f"uses {{{CUSTOMER}}}, which comes from a proof of identity only",
                remedy="write `proof:`",
            )
        if KEY in action.uses and not (action.writes or name in self._file.lookups):
            yield self._problem(wrong=f"{{{KEY}}} in a read", remedy="delete it: writes have one")

    def proof(self) -> Iterator[Problem]:
        """Check that each way can be gone."""
        if self._name in self._file.of_proof:
            if self._action.proof:
                yield self._problem(
                    "proof", wrong="on an action of the proof itself", remedy="delete it"
                )
            return
        for way in self._action.proof:
            if getattr(self._file.proof, way) is None:
                yield self._problem(
                    "proof",
                    wrong=f"nothing says how customers prove it by {way}",
                    remedy=f"write `{way}:` in `proof:` at the top of the file",
                )

    def lookup(self) -> Iterator[Problem]:
        """Check that the lookup of a write can be called and tells what is asked."""
        action, name = self._action, self._action.lookup
        if not name:
            return
        found = self._file.actions.get(name)
        if found is None:
            remedy = resembling(name, self._file.actions)
            yield self._problem("lookup", wrong=f'unknown action "{name}"', remedy=remedy)
            return
        if found.writes:
            wrong, remedy = f"{name} is a write", "name a read"
            yield self._problem("lookup", wrong=wrong, remedy=remedy)
        if FOUND not in found.returns:
            yield self._problem(
                "lookup",
                wrong=f"{name} does not tell whether the write took place",
                remedy=f"have it return `{FOUND}`: true or false",
            )
        for value in sorted(set(found.uses) - {*action.uses, KEY}):
            yield self._problem(
                "lookup",
                wrong=f"{name} needs {value}, which {self._name} is not called with",
                remedy=f"use {{{KEY}}}, or one of its values",
            )
        for value in sorted(action.returns.keys() - found.returns.keys()):
            yield self._problem(
                "lookup",
                wrong=f"{name} does not provide {value}, which {self._name} does",
                remedy="add it to its `returns`",
                severity="warning",
            )

    def left_out(self) -> Iterator[Problem]:
        """List what a careful admin writes down."""
        action = self._action
        timeout = action.http.timeout if action.http else action.timeout
        internal = self._name in self._file.of_proof | self._file.lookups
        keys = {
            "timeout": (timeout is None, "10 s are waited", "write for example `timeout: 5 s`"),
            "proof": (
                "proof" not in action.model_fields_set and not internal,
                "anybody may call it for any values",
                "write `proof:`, or `proof: none`",
            ),
            "lookup": (
                action.writes and action.lookup is None and not internal,
                "a person must find out what became of a call without an answer",
                "write `lookup:`, or `lookup: none`",
            ),
        }
        for key, (missing, means, remedy) in keys.items():
            if missing:
                wrong = f"no `{key}`: {means}"
                yield self._problem(wrong=wrong, remedy=remedy, severity="warning")
