"""Finds every function of a package that is handed a text, by its annotations."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

TEXT = {"str", "str | None", str}
"""Annotations of a parameter that can hold a text."""


@dataclass(frozen=True, slots=True)
class TextFunction:
    """A function or method, and the parameter of it that is fed.

    Attributes:
        name: `module:function` or `module:Class.method`.
        parameter: The parameter that takes the text.
        owner: The class of a method that needs an instance; None for all others.
    """

    name: str
    parameter: str
    call: Callable[..., Any]
    owner: type | None = None

    @property
    def id(self) -> str:
        """Name and parameter, as exclusions are listed."""
        return f"{self.name}({self.parameter})"


def text_functions(*packages: str) -> Iterator[TextFunction]:
    """Yield each parameter annotated `str` of each function that a package defines."""
    for package in packages:
        for module in _modules(package):
            yield from _in_module(module)


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not found.name.endswith("__main__") and ".migrations." not in found.name:
            yield importlib.import_module(found.name)


def _in_module(module: ModuleType) -> Iterator[TextFunction]:
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing):
            yield from _in_class(module, thing)
        elif _is_function(thing):
            yield from _parameters(f"{module.__name__}:{name}", thing)


def _in_class(module: ModuleType, owner: type) -> Iterator[TextFunction]:
    if getattr(owner, "_is_protocol", False):
        return
    for name, member in vars(owner).items():
        where = f"{module.__name__}:{owner.__name__}.{name}"
        if isinstance(member, staticmethod | classmethod):
            yield from _parameters(where, getattr(owner, name))
        elif _is_function(member) and not name.startswith("__"):
            yield from _parameters(where, member, owner)


def _is_function(thing: object) -> bool:
    return callable(thing) and inspect.isroutine(inspect.unwrap(thing))


def _parameters(
    name: str, call: Callable[..., Any], owner: type | None = None
) -> Iterator[TextFunction]:
    for each in inspect.signature(call).parameters.values():
        if each.annotation in TEXT:
            yield TextFunction(name, each.name, call, owner)
