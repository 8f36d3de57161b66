"""Splits rules and stories into turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.understanding.exchange.rasa.data import RasaData, RasaTurn, entries, listed, text_of
from bot.yamlfile import Node

_HARMLESS = frozenset(("action_listen", "action_restart", "action_session_start"))
_SAID = "(a message in words)"
_BINDING = ("slot_was_set", "active_loop", "checkpoint", "condition", "form", "slot")


@dataclass(slots=True)
class OpenTurn:
    """A turn that is being read."""

    intents: tuple[str, ...]
    before: str
    bound: bool
    actions: list[str] = field(default_factory=list)


def take_dialogues(data: RasaData, section: Node, *, rules: bool) -> None:
    """Collect the turns of all rules, or stories, in a section."""
    for dialogue in section.items():
        steps = listed(dialogue.get("steps"))
        bound = dialogue.get("condition") is not None or bool(
            text_of(dialogue.get("conversation_start"))
        )
        data.turns += turns(_steps(steps), bound=bound, is_rule=rules)


Step = tuple[str, tuple[str, ...], bool]
"""`intent`, `action` or `bound`; the intents or the action; whether entities are given."""


def turns(steps: Iterable[Step], *, bound: bool, is_rule: bool) -> list[RasaTurn]:
    """Return the turns of one rule or story.

    Args:
        steps: The steps, in order.
        bound: Whether all of it depends on a condition.
        is_rule: Whether it is a rule.
    """
    found: list[OpenTurn] = []
    before, binding = "", bound
    for kind, names, given in steps:
        if kind == "intent":
            found.append(OpenTurn(names, before, binding or given))
            binding = bound
        elif kind == "bound":
            binding = True  # for what follows
            if found and found[-1].actions == []:
                found[-1].bound = True
        elif names[0] not in _HARMLESS:
            before = names[0]
            if found:
                found[-1].actions.append(before)
    return list(_closed(found, is_rule=is_rule))


def _closed(found: list[OpenTurn], *, is_rule: bool) -> Iterator[RasaTurn]:
    for number, turn in enumerate(found):
        following = found[number + 1 : number + 2]
        after = "".join((*each.intents, _SAID)[0] for each in following)
        made = RasaTurn("", tuple(turn.actions), turn.before, after, turn.bound, is_rule)
        yield from (replace(made, intent=intent) for intent in turn.intents)


def _steps(steps: list[Node]) -> Iterator[Step]:
    for step in steps:
        if (either := step.get("or")) is not None:
            intents = tuple(text_of(each.get("intent")) for each in listed(either))
            given = any(each.get("entities") is not None for each in listed(either))
            yield "intent", tuple(intent for intent in intents if intent), given
        elif intent := text_of(step.get("intent")):
            yield "intent", (intent,), _has_entities(step)
        elif step.get("user") is not None:
            yield "intent", (), False  # a literal message without an intent
        elif action := text_of(step.get("action")) or text_of(step.get("bot")):
            yield "action", (action,), False
        elif any(key in _BINDING for key, _ in entries(step)):
            yield "bound", (), False


def _has_entities(step: Node) -> bool:
    entities = step.get("entities")
    return entities is not None and bool(listed(entities))
