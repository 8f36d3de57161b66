"""Fills the templates of a request to the shop with values, each as a value and nothing more."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.errors import FrontdeskError
from bot.understanding.intents.actions import Action, HttpCall
from bot.understanding.intents.actions.names import TEMPLATE, variables_in

_LITERAL = "%/?&=:+,;@!$'()*[]~-._"
_PRINTABLE = "".join(each for each in string.printable if " " <= each <= "~")


class NotCallable(FrontdeskError):
    """The request cannot be made of these values; nothing was sent."""


class VariableMissing(NotCallable):
    """An environment variable that the request needs is not set."""


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A request, ready to be sent; only the body and the headers may hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


def is_set_up(action: Action, environment: Mapping[str, str]) -> bool:
    """Return whether the environment variables that an action names are set."""
    call = action.http
    named = variables_in([call.headers, call.json_]) if call is not None else ()
    return all(environment.get(name) for name in named)


def prepare(
    call: HttpCall, values: Mapping[str, Any], environment: Mapping[str, str]
) -> PreparedRequest:
    """Fill the templates of a request.

    Raises:
        NotCallable: A value would change which address is called.
        VariableMissing: A variable is not set.
    """
    for name in variables_in([call.headers, call.json_]):
        if not environment.get(name):
            raise VariableMissing(f"the environment variable {name} is not set")
    headers = {key: _header(text, values, environment) for key, text in call.headers.items()}
    for name, text in headers.items():
        if not text.isprintable():
            raise VariableMissing(f"the header {name} has a line end: see its variable")
    body = None
    if call.json_ is not None:
        filled = _filled(call.json_, values, environment)
        body = json.dumps(filled, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **headers}
    return PreparedRequest(call.method, address(call.url, values), headers, body)


def address(template: str, values: Mapping[str, Any]) -> str:
    """Return an address with percent-encoded values.

    >>> address("https://a.example/orders/{n}?size={size}", {"n": "1/../2?x", "size": "M&L"})
    'https://a.example/orders/1%2F..%2F2%3Fx?size=M%26L'

    Raises:
        NotCallable: A part of the path would be empty, `.` or `..`.
    """
    path, mark, query = template.partition("?")
    parts = [_encoded(part, values) for part in path.split("/")]
    for written, part in zip(path.split("/"), parts, strict=True):
        if written and TEMPLATE.search(written) and part in ("", ".", ".."):
            raise NotCallable("a part of the address would have no value")
    return "/".join(parts) + (mark + _encoded(query, values) if mark else "")


def _encoded(template: str, values: Mapping[str, Any]) -> str:
    said, at = [], 0
    for match in TEMPLATE.finditer(template):
        literal = template[at : match.start()]
        said += [quote(literal, safe=_LITERAL), quote(_text(values.get(match[2])), safe="")]
        at = match.end()
    return "".join([*said, quote(template[at:], safe=_LITERAL)])


def _header(template: str, values: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Return a header; line ends in values, which would begin another one, are encoded."""
    return TEMPLATE.sub(
        lambda match: (
            environment[match[1]]
            if match[1]
            else quote(_text(values.get(match[2])), safe=_PRINTABLE)
        ),
        template,
    )


def _filled(template: object, values: Mapping[str, Any], environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a body; what has no value is left out."""
    if isinstance(template, dict):
        filled = {key: _filled(each, values, environment) for key, each in template.items()}
        return {key: each for key, each in filled.items() if each is not None}
    if isinstance(template, list):
        return [_filled(each, values, environment) for each in template]
    if not isinstance(template, str):
        return template
    whole = TEMPLATE.fullmatch(template)
    if whole is not None and whole[2]:
        return values.get(whole[2])
    return TEMPLATE.sub(
        lambda match: environment[match[1]] if match[1] else _text(values.get(match[2])), template
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(each) for each in value)
    return str(value)
