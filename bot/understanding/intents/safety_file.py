"""`safety.yaml` in the intents folder: own words for dangerous messages, by kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from bot.errors import Problem
from bot.ports.understanding import DangerKind
from bot.understanding.intents.field_types import StrictModel, Tag, Text, Version
from bot.yamlfile import mistake, read, resembling, validate

STEM = "safety"
"""Name of the file, without its ending."""

PLACEHOLDERS = ("bot", "contact", "emergency", "crisis")
"""What a text may use, in braces."""

KEPT = frozenset({DangerKind.SELF_HARM, DangerKind.FIRE})
"""Kinds that cannot be switched off."""

OFF = "off"
_OTHER_WORDS_FOR_OFF = ("no", "false", "none")
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class SafetyWording:
    """What admins wrote about dangerous messages.

    Attributes:
        texts: Own texts by kind, then language.
        ignored: Kinds that are switched off: such messages are handled as all others.
    """

    texts: Mapping[DangerKind, Mapping[str, str]] = field(default_factory=dict)
    ignored: frozenset[DangerKind] = frozenset()


def _wording(value: object, info: ValidationInfo) -> object:
    """Expand a text without a language; `off` becomes no text in any language."""
    if value in _OTHER_WORDS_FOR_OFF:
        raise mistake(f'"{value}" is no text to say', f"write `{OFF}`, or a sentence")
    if value == OFF and info.field_name in KEPT:
        raise mistake(
            "cannot be switched off: people may be in danger",
            "delete the line for the built-in text, or write your own",
        )
    if value == OFF:
        return {}
    if value == {}:
        raise mistake("nothing is written here", "write a text, or delete the line")
    if isinstance(value, str):
        return {(info.context or {}).get("language", "en"): value}
    return value


def _filled(value: dict[str, str] | None) -> dict[str, str] | None:
    """Refuse placeholders that nothing fills."""
    for text in (value or {}).values():
        for name in _BRACES.findall(text):
            if name not in PLACEHOLDERS:
                raise mistake(f'no placeholder "{{{name}}}" here', resembling(name, PLACEHOLDERS))
    return value


OwnText = Annotated[dict[Tag, Text] | None, BeforeValidator(_wording), AfterValidator(_filled)]
"""A text, texts by language, or `off`, which is read as no texts."""


class SafetyTexts(StrictModel):
    """`texts:` own words by kind."""

    injury: OwnText = None
    fire: OwnText = None
    gas: OwnText = None
    defective_gear: OwnText = None
    self_harm: OwnText = None
    threat: OwnText = None
    hacked_account: OwnText = None
    legal_threat: OwnText = None


class SafetyFile(StrictModel):
    """The whole file."""

    version: Version
    texts: SafetyTexts = SafetyTexts()


def read_safety_file(path: Path, language: str) -> tuple[SafetyWording, tuple[Problem, ...]]:
    """Read the file; with mistakes in it, the built-in texts are used.

    Args:
        path: The file.
        language: BCP 47 tag of texts without a language.
    """
    document = read(path)
    if document.root is None:
        empty = Problem(path, 0, 0, "", "the file is empty", "write `version: 1`, or delete it")
        return SafetyWording(), document.problems or (empty,)
    file, wrong = validate(document, SafetyFile, context={"language": language})
    problems = (*document.problems, *wrong)
    if file is None or problems:
        return SafetyWording(), problems
    written = {DangerKind(name): text for name, text in file.texts}
    texts = {kind: text for kind, text in written.items() if text}
    return SafetyWording(texts, frozenset(k for k, text in written.items() if text == {})), ()
