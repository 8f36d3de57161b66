"""Reads Rasa domains: responses, and actions triggered by intents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.exchange.rasa.data import RasaData, Response, entries, listed, text_of
from bot.understanding.language.tags import canonical
from bot.yamlfile import Node

_LANGUAGE_SLOTS = ("language", "lang", "locale")
_BREAK = re.compile(r"\\n(?![a-z])")
"""A literal `\\n` that was meant as a line break, in an unquoted text."""

_RICH = ("image", "attachment", "custom", "elements", "quick_replies", "template")


def take_responses(data: RasaData, section: Node) -> None:
    """Collect the variants of every response (called `templates:` until Rasa 1.3)."""
    for name, variants in entries(section):
        for variant in listed(variants) or [variants]:
            take_response(data, name, variant)


def take_response(data: RasaData, name: str, variant: Node) -> None:
    """Collect one variant: a text, or a mapping with a text, buttons and other parts."""
    text = text_of(variant) or text_of(variant.get("text"))
    left_out = data.found.left_out
    for key in _RICH:
        if variant.get(key) is not None:
            left_out.add(f"{key} of responses, left out", name)
    if variant.get("channel") is not None:
        left_out.add("responses for one channel, left out", name)
        return
    conditions = listed(variant.get("condition"))
    language = _language(conditions)
    if conditions and not language:
        left_out.add("responses under a condition, left out", name)
        return
    text = _BREAK.sub("\n", text)
    if text.strip():
        buttons = tuple(_buttons(variant.get("buttons")))
        data.responses[name].append(Response(text.strip(), language, buttons))


def take_intents(data: RasaData, section: Node) -> None:
    """Collect the actions that the domain names for intents (`triggers:`)."""
    for item in section.items():
        for intent, options in entries(item):
            if action := text_of(options.get("triggers")):
                data.triggers[intent] = action


def _language(conditions: list[Node]) -> str:
    """Return the language that a variant is for; empty for other conditions."""
    if len(conditions) != 1 or text_of(conditions[0].get("name")).lower() not in _LANGUAGE_SLOTS:
        return ""
    return canonical(text_of(conditions[0].get("value")).replace("_", "-")) or ""


def _buttons(section: Node | None) -> Iterator[tuple[str, str]]:
    for button in listed(section):
        yield text_of(button.get("title")).strip(), text_of(button.get("payload")).strip()
