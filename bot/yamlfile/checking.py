"""Validates documents with pydantic models, and translates all errors to problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.errors import Problem
from bot.yamlfile.document import Document, Loc, Node, plain
from bot.yamlfile.unknown_keys import masked, resembling, unknown_key, without_comma

_Model = TypeVar("_Model", bound=BaseModel)


def validate(
    document: Document,
    model: type[_Model],
    *,
    at: Loc = (),
    context: Mapping[str, Any] | None = None,
    resolve: bool = False,
) -> tuple[_Model | None, tuple[Problem, ...]]:
    """Validate a document, or a part of it, with a model.

    Args:
        document: What was read.
        model: What it should be.
        at: Keys and positions down to the part.
        context: Handed to the model's validators.
        resolve: Read plain true, false and null as such, not as text.

    Returns:
        The model (None when something is wrong) and everything that is wrong with it.
    """
    node = document.node(at)
    value = plain(node, resolve=resolve) if node else None
    try:
        return model.model_validate(value, context=dict(context or {})), ()
    except ValidationError as error:
        return None, translate(error, document, model, at=at)


def translate(
    error: ValidationError, document: Document, model: type[BaseModel], *, at: Loc = ()
) -> tuple[Problem, ...]:
    """Translate a model's errors about a document, or a part of it, to problems for admins."""
    return tuple(_problem(document, model, tuple(at), each) for each in error.errors())


def mistake(wrong: str, remedy: str) -> PydanticCustomError:
    """Return the error that a validator raises, to be reported in its own words."""
    return PydanticCustomError("mistake", "{wrong}: {remedy}", {"wrong": wrong, "remedy": remedy})


def _problem(document: Document, model: type[BaseModel], at: Loc, error: ErrorDetails) -> Problem:
    loc = error["loc"]
    full = (*at, *loc)
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "mistake":
        on_key = bool(loc) and loc[-1] == "[key]"
        node = document.node(full)
        wrong, remedy = masked(context["wrong"], node), masked(context["remedy"], node)
        return document.problem(full, wrong, remedy, at_key=on_key)
    if kind == "extra_forbidden":
        return unknown_key(document, full, _keys(_model_at(model, loc[:-1])))
    if kind == "missing":
        remedy = f"add `{_example(_model_at(model, loc[:-1]), str(loc[-1]))}`"
        return document.problem(full, "is missing", remedy)
    node = document.node(full)
    wrong, remedy = _say(kind, node, error)
    return document.problem(full, masked(wrong, node), masked(remedy, node))


def _say(kind: str, node: Node | None, error: ErrorDetails) -> tuple[str, str]:
    """Translate pydantic's most common errors for admins."""
    written = node.content if node else ""
    quoted = f'"{written}"' if isinstance(written, str) else _shape(node)
    if error["input"] is None and node is not None and node.cut:
        return "the # begins a comment, so nothing is written here", "put the text in quotes"
    if error["input"] is None:
        return "nothing is written here", "write a value, or delete the key"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"{quoted} is not known", resembling(str(written), allowed)
    if kind in _NUMBERS:
        number = without_comma(written) if isinstance(written, str) else None
        remedy = f"write {number}" if number else "write a number, without a unit"
        return f"{quoted} is no {_NUMBERS[kind]}", remedy
    if kind.startswith("bool"):
        return f"{quoted} is neither true nor false", "write true or false"
    if kind == "string_type" and isinstance(written, str):
        return f"{quoted} is no text here", "put it in quotes"
    if kind in _EXPECTED:
        wanted, remedy = _EXPECTED[kind]
        return f"{_shape(node)} where {wanted} is expected", remedy
    said = error["msg"].removeprefix("Input should be ")
    return f"{quoted} is not allowed", f"it must be {said}"


_NUMBERS = {
    "int_parsing": "whole number",
    "int_from_float": "whole number",
    "int_type": "whole number",
    "float_parsing": "number",
    "float_type": "number",
    "decimal_parsing": "number",
    "decimal_type": "number",
}
_QUOTE = 'put text that holds ": " or starts with [ or { in quotes'
_LIST = ("a list", "write one item a line, each after `- `")
_MAPPING = ("a mapping", "write `key: value` lines")
_EXPECTED = {
    "string_type": ("text", _QUOTE),
    "path_type": ("a path", _QUOTE),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
}


def _shape(node: Node | None) -> str:
    content = node.content if node else ""
    if isinstance(content, list):
        return "a list"
    if isinstance(content, dict):
        return "a mapping"
    return "text"


def _keys(model: type[BaseModel] | None) -> Iterator[str]:
    for name, field in (model.model_fields if model else {}).items():
        if not field.exclude:
            yield field.alias or name


def _example(model: type[BaseModel] | None, key: str) -> str:
    """`version: 1` for a field that shows an example, else the key alone."""
    for name, field in (model.model_fields if model else {}).items():
        if key in (name, field.alias) and field.examples:
            return f"{key}: {field.examples[0]}"
    return f"{key}:"


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """Return the model of the mapping at a place."""
    found: object = model
    for step in loc:
        found = _bare(_inside(found, step))
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _inside(annotation: object, step: int | str) -> object:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    return next(iter(get_args(annotation)), annotation)


def _bare(annotation: object) -> object:
    """Take `Annotated` and `| None` off a type."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(each for each in get_args(annotation) if each is not NoneType))
    return annotation
