"""What is missing in the languages that customers are answered in; `frontdesk check` reports it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.answering.served import ServedLanguages
from bot.answering.wording import BUILT_IN
from bot.config.responder import ResponderConfig
from bot.config.schema import Config
from bot.errors import Problem
from bot.text.catalogues import closest, languages
from bot.understanding.intents import Intent, IntentSet
from bot.understanding.language.tags import fallbacks

_NAMED = 5
"""So many names stand in a message; others are counted."""


def language_gaps(
    config: Config, intents: IntentSet | None, remarks: list[str]
) -> Iterator[Problem]:
    """Yield what a served language lacks, one problem a language and kind.

    Args:
        config: Of the desk.
        intents: What admins taught; None: it could not be read.
        remarks: Takes what is only worth knowing: gaps in languages that are served because
            intents have them, not because config names them.
    """
    served = ServedLanguages(config.language)
    if intents is not None:
        served.learn(intents)
    for tag in sorted(served.tags or {config.language.default}):
        for wrong, remedy in (*_textless(config, tag), *_gaps(config, intents, tag)):
            if served.named:
                yield config.warning(_place(config, tag), wrong, remedy)
            else:
                remarks.append(f"{wrong}: {remedy}; or set `language.served`")
    yield from _never_read(config, served)


def _textless(config: Config, tag: str) -> Iterator[tuple[str, str]]:
    """Look for fixed texts in a language that has no catalogue; see `_gaps`."""
    if closest(tag, languages()) is not None:
        return
    own = _own_texts(config.responder)
    missing = [name for name in BUILT_IN if not _has(own.get(name, {}), tag)]
    if missing:
        wrong = (
            f"no built-in texts in {tag}, and none of yours for {_names(missing)}: customers read "
            f"them in {_instead(config)}"
        )
        remedy = (
            f"write `responder: {{texts: {{{missing[0]}: {{{tag}: ...}}}}}}` and so on, or serve "
            f"one of {', '.join(languages())}"
        )
        yield wrong, remedy


def _never_read(config: Config, served: ServedLanguages) -> Iterator[Problem]:
    """Look for own words in a language that config does not name as served."""
    if not served.named or served.tags is None:
        return
    for name, texts in _own_texts(config.responder).items():
        for tag in texts:
            if closest(tag, served.tags) is None:
                yield config.warning(
                    ("responder", "texts", name, tag),
                    f"{tag} is not among `language.served`: nobody reads this",
                    f"add {tag} there, or delete the line",
                )


def _gaps(config: Config, intents: IntentSet | None, tag: str) -> Iterator[tuple[str, str]]:
    """Yield what intents lack in a language, and the remedy."""
    answered = [intent for intent in (intents.intents if intents else ()) if not intent.entry.draft]
    wordless = [each.name for each in answered if each.entry.reply and not _replies_in(each, tag)]
    if wordless:
        default = config.language.default
        remedy = f"write `reply: {{{tag}: ...}}`; until then customers read them in {default}"
        yield f"no reply in {tag}: {_names(wordless)}", remedy
    untitled = [each.name for each in answered if not _titled(each, tag, config.language.default)]
    if untitled:
        remedy = f"write `title: {{{tag}: ...}}`, for buttons"
        yield f"no title in {tag}: {_names(untitled)}", remedy


def _replies_in(intent: Intent, tag: str) -> bool:
    return all(
        any(_has(wording, tag) for wording in (case.text, *case.platforms.values()))
        for case in intent.entry.reply
    )


def _titled(intent: Intent, tag: str, default: str) -> bool:
    """Tell whether a button has words in a language; in the default one, its name will do."""
    if not intent.entry.title:
        return closest(tag, [default]) is not None
    return _has(intent.entry.title, tag)


def _has(texts: Collection[str], tag: str) -> bool:
    return any(each in texts for each in fallbacks(tag, tag))


def _own_texts(config: ResponderConfig) -> Mapping[str, Mapping[str, str]]:
    """Return the admins' own words that name their language."""
    found = {name: text for name, text in config.texts if isinstance(text, dict)}
    for name in ("introduction", "unknown"):
        old = getattr(config, name)
        if isinstance(old, dict):
            found[name] = old
    return found


def _place(config: Config, tag: str) -> tuple[str, ...]:
    """Return the setting that a warning about a served language belongs to."""
    return ("language", "served" if tag in (config.language.served or ()) else "default")


def _instead(config: Config) -> str:
    known = closest(config.language.default, languages())
    return config.language.default if known else "English"


def _names(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown
