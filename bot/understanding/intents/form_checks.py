"""Checks of forms: slots, conditions and placeholders against what slots and actions provide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.errors import Problem
from bot.ports import ActionInfo
from bot.understanding.intents.folder import PlacedIntent
from bot.understanding.intents.placeholders import ALWAYS_KNOWN, placeholders
from bot.understanding.intents.slots import ChoicesFrom, Slot
from bot.yamlfile import resembling

Loc = tuple[int | str, ...]

SUBJECT = "customer_id"
"""The customer of the shop: comes from a proof of identity only, and is never shown."""

ERROR = "error"
"""In `when`: the name of the error that an action ended with."""

MADE = ("idempotency_key",)
"""Values that actions are called with beside slots and results."""


def form_problems(
    intent: PlacedIntent, actions: Mapping[str, ActionInfo] | None
) -> Iterator[Problem]:
    """Yield the mistakes in an intent's slots, action, conditions and placeholders.

    Args:
        intent: Any intent.
        actions: The actions of `actions.yaml` by name; None: they are not looked at.
    """
    yield from _slots(intent)
    if intent.entry.draft:  # what imports name is defined later
        actions = None
    if actions is not None:
        yield from _actions(intent, actions)
    known = _known(intent, actions)
    if known is not None:
        yield from _placeholders(intent, known)
        yield from _conditions(intent, known)
    yield from _choices(intent)


def _known(
    intent: PlacedIntent, actions: Mapping[str, ActionInfo] | None
) -> Collection[str] | None:
    """Return the names of what may be said; None when an action is not known."""
    entry, provided = intent.entry, list[str]()
    for name in _named_actions(intent):
        info = (actions or {}).get(name)
        if info is None:
            return None
        provided += info.provides
    return [*entry.slots, *provided, *ALWAYS_KNOWN]


def _named_actions(intent: PlacedIntent) -> Iterator[str]:
    entry = intent.entry
    if entry.action:
        yield entry.action
    for slot in entry.slots.values():
        if slot.choices_from:
            yield slot.choices_from.action


def _slots(intent: PlacedIntent) -> Iterator[Problem]:
    names = list(intent.entry.slots)
    for position, (name, slot) in enumerate(intent.entry.slots.items()):
        if name in (SUBJECT, ERROR, *MADE, *ALWAYS_KNOWN):
            yield intent.problem(
                "slots",
                name,
                wrong=f'"{name}" cannot be a slot: customers do not say it',
                remedy="choose another name"
                if name != SUBJECT
                else "delete it: it comes from the proof of the action",
                at_key=True,
            )
        for number, other in enumerate(slot.after):
            loc = ("slots", name, "after", number)
            if other not in names[:position]:
                yield intent.problem(
                    *loc,
                    wrong=f'"{other}" is not asked before "{name}"',
                    remedy=resembling(other, names[:position])
                    if names[:position]
                    else "name a slot that stands above this one",
                )


def _actions(intent: PlacedIntent, actions: Mapping[str, ActionInfo]) -> Iterator[Problem]:
    entry = intent.entry
    if entry.action:
        yield from _called(intent, ("action",), entry.action, actions, list(entry.slots))
    earlier: list[str] = []
    for name, slot in entry.slots.items():
        yield from _of_slot(intent, name, slot, actions, earlier)
        earlier.append(name)


def _of_slot(
    intent: PlacedIntent,
    name: str,
    slot: Slot,
    actions: Mapping[str, ActionInfo],
    earlier: Iterable[str],
) -> Iterator[Problem]:
    """Yield the mistakes in what a slot reads from actions, which must be reads."""
    source = slot.choices_from
    if source is not None:
        loc = ("slots", name, "choices_from", "action")
        yield from _called(intent, loc, source.action, actions, earlier, reads=True)
        info = actions.get(source.action)
        if info is not None and source.list not in info.provides:
            yield intent.problem(
                "slots",
                name,
                "choices_from",
                "list",
                wrong=f'{source.action} provides no value "{source.list}"',
                remedy=resembling(source.list, info.provides),
            )
        yield from _named_keys(intent, name, source, info)
        yield from _depends(intent, name, slot, info)
    if slot.check is not None:
        loc = ("slots", name, "check", "action")
        yield from _called(
            intent, loc, slot.check.action, actions, [*earlier, name, "value"], reads=True
        )


def _named_keys(
    intent: PlacedIntent, name: str, source: ChoicesFrom, info: ActionInfo | None
) -> Iterator[Problem]:
    """Yield the keys of choices that no object of the list has: there would be no choice."""
    keys = info.keys.get(source.list, ()) if info is not None else ()
    written = source.model_dump(include={"value", "label", "synonyms"}, exclude_unset=True)
    for option, key in {"value": source.value, **written}.items():
        if keys and key not in keys:
            yield intent.problem(
                *("slots", name, "choices_from", *([option] if option in written else [])),
                wrong=f'what {source.action} lists has no "{key}"',
                remedy=resembling(str(key), keys),
            )


def _depends(
    intent: PlacedIntent, name: str, slot: Slot, info: ActionInfo | None
) -> Iterator[Problem]:
    """Warn where choices would stay when a slot is corrected that they are made from."""
    if info is None:
        return
    slots, depends = intent.entry.slots, {*slot.after}
    for each in reversed(slots):  # a slot stands after those that it depends on
        depends |= {*slots[each].after} if each in depends else set()
    for needed in info.needs:
        if needed in slots and needed not in depends:
            yield intent.problem(
                "slots",
                name,
                "choices_from",
                "action",
                wrong=f"{info.name} needs {needed}, which is not in `after`: the choices stay when "
                "it is corrected",
                remedy=f"write `after: [{', '.join([*slot.after, needed])}]`",
                severity="warning",
            )


def _called(
    intent: PlacedIntent,
    loc: Loc,
    name: str,
    actions: Mapping[str, ActionInfo],
    values: Iterable[str],
    *,
    reads: bool = False,
) -> Iterator[Problem]:
    """Yield what keeps an action from being called with some values."""
    info = actions.get(name)
    if info is None:
        remedy = resembling(name, actions) if actions else "define it in actions.yaml"
        yield intent.problem(*loc, wrong=f'there is no action "{name}"', remedy=remedy)
        return
    if reads and info.writes:
        yield intent.problem(
            *loc, wrong=f"{name} writes", remedy="name an action with `kind: read`"
        )
    missing = [each for each in info.needs if each not in {*values, *MADE, SUBJECT}]
    if missing:
        yield intent.problem(
            *loc,
            wrong=f"{name} needs {', '.join(missing)}, which no slot before it provides",
            remedy="add a slot of that name, or name the value of a slot in actions.yaml",
        )


def _placeholders(intent: PlacedIntent, known: Collection[str]) -> Iterator[Problem]:
    for loc, text in _texts(intent):
        for name in placeholders(text):
            if name == SUBJECT:
                wrong = "{customer_id} is never shown"
                yield intent.problem(*loc, wrong=wrong, remedy="delete it")
            elif name not in known:
                remedy = resembling(name, known) + " To write literal braces, use {{ and }}"
                yield intent.problem(*loc, wrong=f"unknown placeholder {{{name}}}", remedy=remedy)


def _conditions(intent: PlacedIntent, known: Collection[str]) -> Iterator[Problem]:
    may_fail = [ERROR] if intent.entry.action else []
    names = [each for each in known if each not in ALWAYS_KNOWN] + may_fail
    for position, case in enumerate(intent.entry.reply):
        for name in case.when:
            if name not in names:
                yield intent.problem(
                    "reply",
                    position,
                    "when",
                    name,
                    wrong=f'nothing provides "{name}"',
                    remedy=resembling(name, names)
                    if names
                    else "add a slot or an action, or delete it",
                    at_key=True,
                )


def _choices(intent: PlacedIntent) -> Iterator[Problem]:
    """Yield conditions on choices that there are not."""
    for position, case in enumerate(intent.entry.reply):
        for name, wanted in case.when.items():
            slot = intent.entry.slots.get(name)
            for value in wanted if slot is not None and slot.choices else ():
                if slot is not None and value not in slot.choices:
                    yield intent.problem(
                        "reply",
                        position,
                        "when",
                        name,
                        wrong=f'"{value}" is no choice of {name}',
                        remedy=resembling(value, slot.choices),
                    )


def _texts(intent: PlacedIntent) -> Iterator[tuple[Loc, str]]:
    """Yield replies and questions, with their places."""
    for position, case in enumerate(intent.entry.reply):
        for key, wording in {"text": case.text, **case.platforms}.items():
            for language, variants in wording.items():
                for number, text in enumerate(variants):
                    yield ("reply", position, key, language, number), text
    for name, slot in intent.entry.slots.items():
        for key in ("ask", "why", "example", "invalid"):
            for language, text in (getattr(slot, key) or {}).items():
                yield ("slots", name, key, language), text
