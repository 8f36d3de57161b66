"""Examples that ship with Frontdesk as YAML: kinds, then languages, then one example a line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


@cache
def shipped_lines(name: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the lines of a shipped file by kind and language, as written.

    Args:
        name: Name of the file in this package; a language holds a list, or a block of lines.
    """
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe").load(text)
    return {
        kind: {
            language: tuple(lines.splitlines() if isinstance(lines, str) else lines)
            for language, lines in languages.items()
        }
        for kind, languages in document.items()
    }


@cache
def examples_hash(files: tuple[str, ...], cues: str = "") -> str:
    """Return a short hash of what a head learns from, which is part of a model's identity.

    Args:
        files: Names in this package: the examples, and the module that reads them.
        cues: Words from the catalogues that it tells apart from others, as one text.
    """
    found = hashlib.sha256(cues.encode())
    for name in files:
        found.update(resources.files(__package__).joinpath(name).read_bytes())
    return found.hexdigest()[:12]


def alternatives(line: str) -> Iterator[str]:
    """Yield the examples that a line with `{a|b}` stands for; a few of all that are possible.

    >>> list(alternatives("the {lamp|plug} {burns|smokes}"))
    ['the lamp burns', 'the plug smokes', 'the lamp smokes', 'the plug burns']
    """
    lists = [found.split("|") for found in _ALTERNATIVES.findall(line)]
    rounds = max(map(len, lists), default=1) * (2 if len(lists) > 1 else 1)
    yield from dict.fromkeys(_filled(line, lists, turn) for turn in range(rounds))


def _filled(line: str, lists: list[list[str]], turn: int) -> str:
    """Return the example of one round: each list moves on, the later ones faster."""
    chosen = iter(
        options[(turn + turn // len(options) * place) % len(options)]
        for place, options in enumerate(lists)
    )
    return _ALTERNATIVES.sub(lambda _: next(chosen), line)
