"""Finds the response to an intent: in the domain, rules, stories, and FAQ names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.understanding.exchange.content import ImportedContent, ImportedReply, with_values
from bot.understanding.exchange.rasa.data import RasaData, RasaTurn, Response

_PAYLOAD = re.compile(r"^/(?P<intent>[^\s{]+)(?P<entities>\s*\{.*\})?$", re.DOTALL)
_LONGEST_TITLE = 75
_PREFIXES = ("utter_", "respond_")


def take_replies(data: RasaData) -> None:
    """Set the replies of intents whose response does not depend on the dialogue."""
    found = data.found
    labels = list(dict.fromkeys(row.label for row in found.rows))
    turns: dict[str, list[RasaTurn]] = defaultdict(list)
    for turn in data.turns:
        turns[turn.intent].append(turn)
    free = {intent for intent, each in turns.items() if _is_free(each)}
    for label in labels:
        if found.is_outside(label):
            if turns.get(label) or f"utter_{label}" in data.responses:
                found.left_out.add("replies to out-of-scope messages, left out", label)
            continue
        actions = _actions(data, label, turns.get(label, []), free)
        if actions:
            _answer(data, label, actions, frozenset(labels))
    _list_unanswered(data, labels, turns)


def _actions(
    data: RasaData, label: str, turns: Sequence[RasaTurn], free: set[str]
) -> tuple[str, ...] | None:
    """Return the responses that answer an intent; None if there are none, or it is ambiguous."""
    own = f"utter_{label}"
    if "/" in label and own in data.responses:
        return (own,)
    if (triggered := data.triggers.get(label)) in data.responses:
        return (str(triggered),)
    for chosen in _by_rank(turns):
        if not chosen:
            continue
        actions = _in_common(chosen)
        if not actions and len({turn.actions for turn in chosen}) > 1:
            data.found.left_out.add("intents with different answers, kept as drafts", label)
        if not actions or not all(a in data.responses for turn in chosen for a in turn.actions):
            return None
        if kind := _dependence(label, chosen, free):
            data.found.held.add(label)
            data.found.left_out.add(kind, label)
        return actions
    return None


def _in_common(turns: Sequence[RasaTurn]) -> tuple[str, ...]:
    """Return the common first actions of all these turns.

    The actions of rules must be equal; those of stories may continue differently.
    """
    if any(turn.is_rule for turn in turns):
        return turns[0].actions if len({turn.actions for turn in turns}) == 1 else ()
    together = zip(*(turn.actions for turn in turns), strict=False)
    return tuple(each[0] for each in takewhile(lambda each: len(set(each)) == 1, together))


def _dependence(label: str, turns: Sequence[RasaTurn], free: set[str]) -> str:
    """Return how an answer depends on its dialogue, in words; empty if it does not."""
    if any(turn.is_rule for turn in turns):
        return ""
    if label not in free and all(turn.before or turn.after for turn in turns):
        return "replies within a dialogue, kept as drafts"
    return (
        ""
        if any(_ends(turn, free) for turn in turns)
        else "replies that open a dialogue, kept as drafts"
    )


def _by_rank(turns: Sequence[RasaTurn]) -> Iterator[list[RasaTurn]]:
    """Yield groups of turns by precedence: rules, one-turn stories, then all unbound turns."""
    unbound = [turn for turn in turns if not turn.bound]
    yield [turn for turn in unbound if turn.is_rule]
    yield [turn for turn in unbound if not turn.before and not turn.after]
    yield unbound


def _is_free(turns: Sequence[RasaTurn]) -> bool:
    """Return whether an intent gets the same answer wherever it occurs."""
    unbound = [turn for turn in turns if not turn.bound]
    before = {turn.before for turn in unbound}
    return bool(unbound and _in_common(unbound)) and ("" in before or len(before) > 1)


def _ends(turn: RasaTurn, free: set[str]) -> bool:
    """Return whether the turn after this one does not depend on it."""
    return not turn.after or turn.after in free


def _answer(data: RasaData, label: str, actions: Sequence[str], labels: frozenset[str]) -> None:
    """Join several responses into one reply, variant by variant."""
    answer = data.found.answers[label]
    responses = [data.responses[action] for action in actions]
    languages = dict.fromkeys(each.language for variants in responses for each in variants)
    for language in languages:
        spoken = [
            [each for each in variants if each.language == language] or variants
            for variants in responses
        ]
        for number in range(max(len(variants) for variants in spoken)):
            sent = [variants[number % len(variants)] for variants in spoken]
            text = "\n\n".join(each.text for each in sent)
            answer.add(with_values(text), language)
            for each in sent:
                _take_buttons(data.found, answer, each, labels)


def _take_buttons(
    found: ImportedContent, answer: ImportedReply, response: Response, labels: frozenset[str]
) -> None:
    for title, payload in response.buttons:
        match = _PAYLOAD.match(payload.replace("{{", "{").replace("}}", "}"))
        intent = match["intent"] if match else ""
        if intent not in labels or (match and match["entities"]):
            found.left_out.add("buttons without an imported intent, left out", title)
        elif intent not in answer.suggestions:
            answer.suggestions.append(intent)
            if title and len(title) <= _LONGEST_TITLE:
                found.titles.setdefault(intent, title)


def _list_unanswered(
    data: RasaData, labels: Sequence[str], turns: dict[str, list[RasaTurn]]
) -> None:
    """Record intents without a reply, and responses that are not used."""
    found = data.found
    for label in labels:
        if label in found.answers or found.is_outside(label) or found.left_out.mentions(label):
            continue
        custom = [a for turn in turns.get(label, ()) for a in turn.actions if _is_custom(data, a)]
        if custom:
            what = "intents answered by custom actions or forms, kept as drafts"
            found.left_out.add(what, f"{label}: {custom[0]}")
        elif turns.get(label):
            found.left_out.add("intents answered within a dialogue only, kept as drafts", label)
    used = {action for turn in data.turns for action in turn.actions}
    for name in data.responses:
        if name not in used and name.removeprefix("utter_") not in found.answers:
            found.left_out.add("responses that no rule or story uses, left out", name)


def _is_custom(data: RasaData, action: str) -> bool:
    return action not in data.responses and not action.startswith(_PREFIXES)
