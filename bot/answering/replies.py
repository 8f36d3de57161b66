"""Replies of intents: chosen by language and platform, with placeholders filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from bot.answering.conditions import ERROR, UNAVAILABLE, is_met
from bot.answering.served import ServedLanguages
from bot.messages import Visibility
from bot.ports import ActionInfo, Actions, Answer, RecommendScope
from bot.text.filling import fill as fill_known
from bot.understanding.intents import Intent, IntentSet, Recommend, ReplyCase
from bot.understanding.intents.placeholders import fill
from bot.understanding.intents.schema import IntentEntry
from bot.understanding.language.tags import fallbacks
from bot.understanding.language.words import folded_words

MOST_TOPICS = 12
"""Maximum number of topics in the list of what customers can ask about."""


class Replies:
    """The `Answers` and `Topics` of an intent set.

    Args:
        language_default: BCP 47 tag used where a reply lacks the customer's language.
        values: What placeholders may use: `bot`, `contact`.
        served: The languages that are answered in; None: every language that replies have.
        actions: The actions that intents may name; None: there are none.
    """

    def __init__(
        self,
        intent_set: IntentSet,
        *,
        language_default: str,
        values: Mapping[str, str],
        served: ServedLanguages | None = None,
        actions: Actions | None = None,
    ) -> None:
        self._served = served
        self._actions = actions
        self._intents = intent_set.by_name
        self._default = language_default
        self._values = dict(values)

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        """Return the reply of an intent.

        None for a draft, an unknown intent, one with a key that is not executed yet (it would be
        answered without the proof, for example, that it requires), and one whose replies all lack
        the value of a placeholder. A handoff without a reply is announced in the bot's own words.
        Where an action is not set up, no form begins: `when: {error: unavailable}` has the reply.
        """
        known = self._intents.get(intent)
        if known is None or not self._is_executed(known.entry):
            return None
        form, values = has_form(known.entry), dict[str, str]()
        if form and not self._is_set_up(known.entry):
            form, values = False, {ERROR: UNAVAILABLE}
        markdown = "" if form else self._markdown(known, language, platform, seed, values, {})
        otherwise = known.entry.handoff or known.entry.recommend
        if markdown is None and otherwise is None:
            return None
        return _answer(known.entry, markdown or "", form=form)

    def result(
        self,
        intent: str,
        *,
        language: str,
        platform: str,
        seed: str,
        values: Mapping[str, Any],
        shown: Mapping[str, str],
    ) -> Answer | None:
        """Return the reply at the end of a form: of the first case whose `when` is met.

        Where `values` has an `error`, only cases that name it are looked at. None: no case is met.

        Args:
            intent: Whose form it is.
            language: As for `answer`.
            platform: As for `answer`.
            seed: As for `answer`.
            values: Slots and results, for `when`.
            shown: The same as the customer reads them, for placeholders.
        """
        known = self._intents.get(intent)
        if known is None:
            return None
        markdown = self._markdown(known, language, platform, seed, values, shown)
        return None if markdown is None else _answer(known.entry, markdown)

    def texts(self, wording: Mapping[str, str], *, language: str, shown: Mapping[str, str]) -> str:
        """Return one of an admin's texts in the customer's language; empty: there is none.

        Placeholders without a value stay as they are.
        """
        tags = [*self._tags(language), *wording]
        text = next((wording[tag] for tag in tags if tag in wording), "")
        return fill_known(text, {**self._values, **shown})

    def _is_executed(self, entry: IntentEntry) -> bool:
        """Return whether everything that an intent asks for is done in this version."""
        if entry.draft or "identity" in entry.model_fields_set:
            return False
        return not entry.action or self._info(entry.action) is not None or _goes_without(entry)

    def _is_set_up(self, entry: IntentEntry) -> bool:
        """Return whether its form can be gone through, or nothing is written for when it cannot."""
        infos = [self._info(action) for action in actions_of(entry)]
        return not _goes_without(entry) or all(info and info.set_up for info in infos)

    def _info(self, action: str) -> ActionInfo | None:
        return self._actions.info(action) if self._actions is not None else None

    def why_not(self, intent: str) -> str:
        """Return why an intent has no reply."""
        known = self._intents.get(intent)
        if known is None:
            return f"{intent} is not among the intents any more"
        if known.entry.draft:
            return f"{intent} is a draft: not answered"
        if "identity" in known.entry.model_fields_set:
            return f"{intent} asks for `identity`, no longer a key (write `proof:` on the action)"
        if known.entry.action and self._info(known.entry.action) is None:
            return f"{intent} asks for the action {known.entry.action}, which there is not"
        return f"{intent} has no reply whose placeholders can be filled: not answered"

    def title(self, intent: str, *, language: str) -> str:
        """Return the button label of an intent: its title, or its name in words."""
        known = self._intents.get(intent)
        titles = known.entry.title if known else None
        if not titles:
            return intent.replace("_", " ").capitalize()
        tags = self._tags(language)
        return next((titles[tag] for tag in tags if tag in titles), next(iter(titles.values())))

    def topics(self, language: str) -> Sequence[str]:
        """Return titles of intents that are answered and no small talk, in the order of files.

        Of more than `MOST_TOPICS`, each file's first ones are taken, then the second ones.
        """
        by_file: dict[Path, list[str]] = {}
        for name, intent in self._intents.items():
            answer = self.answer(name, language=language, platform="", seed="")
            if answer is not None and not answer.small_talk:
                by_file.setdefault(intent.path, []).append(name)
        rounds = chain.from_iterable(zip_longest(*by_file.values()))
        chosen = set(islice((name for name in rounds if name), MOST_TOPICS))
        names = (name for of_file in by_file.values() for name in of_file if name in chosen)
        return list(dict.fromkeys(self.title(name, language=language) for name in names))

    def is_taught(self, text: str) -> bool:
        """Return whether a text is an example of an intent, whatever its case and accents."""
        return folded_words(text) in self._taught

    @cached_property
    def _taught(self) -> frozenset[tuple[str, ...]]:
        return frozenset(
            folded_words(example.text)
            for intent in self._intents.values()
            for example in intent.examples
        )

    def _tags(self, language: str) -> Sequence[str]:
        """Return the languages to look for, best first."""
        wanted = self._served.answer_in(language) if self._served else language
        return fallbacks(wanted, self._default)

    def _markdown(
        self,
        known: Intent,
        language: str,
        platform: str,
        seed: str,
        values: Mapping[str, Any],
        shown: Mapping[str, str],
    ) -> str | None:
        tags, sayables = self._tags(language), {**shown, **self._values}
        for case in known.entry.reply:
            if not is_met(case.when, values):
                continue
            for variants in _wordings(case, tags, platform):
                filled = [fill(text, sayables) for text in variants]
                sayable = [text.strip() for text in filled if text is not None]
                if sayable:
                    return _choose(sayable, f"{known.name}#{seed}")
        return None


def has_form(entry: IntentEntry) -> bool:
    """Return whether an intent begins a form: it has slots or an action."""
    return bool(entry.slots or entry.action)


def actions_of(entry: IntentEntry) -> Iterator[str]:
    """Yield the actions that an intent's form runs: of its slots, and its own."""
    for slot in entry.slots.values():
        yield from (each.action for each in (slot.choices_from, slot.check) if each is not None)
    if entry.action:
        yield entry.action


def _goes_without(entry: IntentEntry) -> bool:
    """Return whether a reply is written for when its actions are not set up."""
    return any(UNAVAILABLE in case.when.get(ERROR, ()) for case in entry.reply)


def _answer(entry: IntentEntry, markdown: str, *, form: bool = False) -> Answer:
    handoff = entry.handoff
    return Answer(
        markdown,
        Visibility(entry.visibility),
        entry.suggestions,
        handoff=handoff is not None,
        team=(handoff.team if handoff else None) or "",
        description=entry.description or "",
        small_talk=entry.small_talk,
        form=form,
        recommends=_scope(entry.recommend) if entry.recommend else None,
    )


def _scope(products: Recommend) -> RecommendScope:
    return RecommendScope(products.category or "", products.only, products.limit)


def _wordings(case: ReplyCase, tags: Sequence[str], platform: str) -> Iterator[Sequence[str]]:
    """Yield the variants that fit, best first: language before the platform's own wording."""
    own = case.platforms.get(platform, {})
    for tag in tags:
        for wording in (own, case.text):
            if tag in wording:
                yield wording[tag]
    yield from own.values()
    yield from case.text.values()


def _choose(variants: Sequence[str], seed: str) -> str:
    """Choose by a hash, so that a retry after a crash makes the same reply."""
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    return variants[int.from_bytes(digest[:8], "big") % len(variants)]
