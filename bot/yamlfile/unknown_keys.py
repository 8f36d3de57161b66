"""Reports unknown keys with a suggestion, without quoting secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz import fuzz, process

from bot.errors import Problem
from bot.text.credentials import begins_like_credential, credentials_in
from bot.text.invisible import is_invisible
from bot.yamlfile.document import Document, Loc, Node

_NEAR_ENOUGH = 60.0  # of 100: "exmaples" to "examples" is 88
_DECIMALS = re.compile(r"\d+[ \t]*%?")
_INTEGER = re.compile(r"[+-]?\d+")
_COMMA = re.compile(r"(?P<whole>[+-]?\d+),(?P<rest>\d+)(?P<unit>[ \t]*%?)")
_SECRET_WORD = re.compile(r"(?:^|_|-)(?:key|token|secret|password|passwd|apikey)$", re.IGNORECASE)


def resembling(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or list the known words.

    >>> resembling("exmaples", ["examples", "title"])
    'did you mean "examples"?'
    >>> resembling("colour", ["examples", "title"])
    'known are examples, title'
    """
    words = list(known)
    if not words:
        return "there are none yet"
    best = process.extractOne(
        word, words, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_NEAR_ENOUGH
    )
    if best:
        return f'did you mean "{best[0]}"?'
    return f"known are {', '.join(words[:15])}" + (" ..." if len(words) > 15 else "")


def without_comma(text: str) -> str | None:
    """Return a number without its comma: a decimal point, or nothing between thousands.

    >>> without_comma("0,9"), without_comma("2,5%"), without_comma("1,000"), without_comma("0.9")
    ('0.9', '2.5%', '1000', None)
    """
    found = _COMMA.fullmatch(text.strip())
    if found is None:
        return None
    thousands = len(found["rest"]) == 3 and found["whole"].strip("+-0")
    return f"{found['whole']}{'' if thousands else '.'}{found['rest']}{found['unit'].strip()}"


def unknown_key(
    document: Document, loc: Loc, known: Iterable[str], *, what: str = "unknown key"
) -> Problem:
    """Return the problem of an unknown key, with a suggestion.

    Args:
        document: Where it stands.
        loc: The way to it.
        known: Keys that may stand there.
        what: How it is called.
    """
    key, known = str(loc[-1]), list(known)
    if _is_secret(key):
        remedy = "delete and revoke it; name the environment variable that holds the new one"
        return document.problem(loc[:-1], "a secret in place of a key", remedy, at_key=True)
    if strange := [c for c in key if is_invisible(c) or (c.isspace() and not c.isascii())]:
        remedy = f"delete the invisible U+{ord(strange[0]):04X} in it"
        return document.problem(loc, what, remedy, at_key=True)
    if split := _split_number(document.node(loc[:-1]), key):
        before, number = split
        remedy = f"write {number}: the comma begins a further key"
        return document.problem((*loc[:-1], before), "a number with a comma", remedy)
    if _SECRET_WORD.search(key):
        return document.problem(loc, what, _by_variable(key, known), at_key=True)
    return document.problem(loc, what, resembling(key, known), at_key=True)


def masked(text: str, node: Node | None) -> str:
    """Remove a secret from a message about its place."""
    written = node.content if node else ""
    if isinstance(written, str) and _is_secret(written):
        return text.replace(f'"{written}"', "the secret").replace(written, "the secret")
    return text


def _is_secret(text: str) -> bool:
    return begins_like_credential(text) or any(credentials_in(text))


def _split_number(mapping: Node | None, key: str) -> tuple[str, str] | None:
    """Find the number that a comma in braces has cut: the key before, and the whole number."""
    content = mapping.content if mapping else None
    if not isinstance(content, dict) or mapping is None or mapping.style != "inline":
        return None
    if not _DECIMALS.fullmatch(key):
        return None
    for before, after in pairwise(content.items()):
        value = before[1].content
        if after[0] == key and not after[1].content and isinstance(value, str):
            number = without_comma(f"{value},{key}") if _INTEGER.fullmatch(value) else None
            return (str(before[0]), number) if number else None
    return None


def _by_variable(key: str, known: Iterable[str]) -> str:
    """Return the advice to move a secret to the environment."""
    names = [name for name in known if name.endswith("_env")]
    best = process.extractOne(f"{key}_env", names, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    if best is None and len(names) == 1:
        best = (names[0], 0.0, 0)
    named = f"the environment variable that `{best[0]}` names" if best else "the environment"
    return f"secrets do not stand in this file: delete it, and put the secret into {named}"
