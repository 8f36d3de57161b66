"""Finds the patterns of Python's `re`, which can take longer than a text is long.

`MODULES` of `exclusions` read nothing foreign. What admins write as a pattern runs under RE2.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

BOUNDED = "reads 4,000 characters at most (`grounding.bounds`), mostly 1,000"
WINDOW = "reads a part of fixed length: a line of a configuration, a tag, a name, a window"
FED = (
    "its functions are fed in test_linear_time: repetitions are bounded or possessive, or begin "
    "only where the one before cannot go on"
)

REASONS: Mapping[str, Mapping[str, str]] = {
    "bot.answering.forms.shown": dict.fromkeys(("_LINK",), FED),
    "bot.answering.forms.extraction.tokens": dict.fromkeys(("_TOKEN", "_SIGN"), FED),
    "bot.answering.knowledge.query_rewriting": dict.fromkeys(
        ("_BEGINS", "_POINTS", "_POINTS_CHINESE", "_IDEOGRAPH", "_WORD"), FED
    ),
    "bot.answering.grounding.commitments": dict.fromkeys(
        ("_DONE", "_OWN", "_PROMISE", "_CASE"), BOUNDED
    ),
    "bot.answering.grounding.small_talk": dict.fromkeys(
        ("_CORE", "_ASSENT", "_TO_ASSISTANT", "_IGNORANCE", "_HAN", "_HAN_IGNORANCE", "_OPENING"),
        BOUNDED,
    ),
    "bot.answering.grounding.sanitise": dict.fromkeys(
        (
            "_ANGLES",
            "_MENTION",
            "_EMAIL",
            "_MARKDOWN_LINK",
            "_REFERENCE",
            "_SCHEME",
            "_URL",
            "_DOMAIN",
            "_BRACKETED_DOT",
            "_LEADING",
            "_RULES",
            "_STRUCK",
            "_TAGS",
            "_CYRILLIC_GREEK",
            "_LATIN",
        ),
        FED,
    ),
    "bot.answering.grounding.evidence": dict.fromkeys(("VERB", "_STEP", "_LABEL"), BOUNDED),
    "bot.answering.grounding.segments": dict.fromkeys(
        ("_CLAUSE", "_CASE", "_HAN_CLAUSE", "_COMMA"), BOUNDED
    ),
    "bot.answering.grounding.clauses": dict.fromkeys(("_CUT", "_CONDITION", "_HAN_CUT"), BOUNDED),
    "bot.answering.grounding.units": dict.fromkeys(("UNITS", "CURRENCY_BEFORE"), BOUNDED),
    "bot.answering.grounding.lexicon": dict.fromkeys(
        (
            "NEGATED_AUXILIARY",
            "NO_NEGATION",
            "HAN_NEGATION",
            "HAN_PERIOD",
            "FREE",
            "NOT_CHARGED",
            "MARKERS",
            "_HAN_BOTH",
            "RELATIVE",
        ),
        BOUNDED,
    ),
    "bot.answering.grounding.informativeness": dict.fromkeys(
        ("_HAN_VERB", "_AMOUNT", "_WORD", "_OF_ITSELF", "_AGAIN", "_ASKS", "_OPEN", "_CLOSED"),
        BOUNDED,
    ),
    "bot.answering.grounding.numerals": dict.fromkeys(
        (
            "_ENGLISH",
            "_ONE_COUNTS",
            "_ARTICLE",
            "_PHRASES",
            "_HAN_NUMBER",
            "_HAN_PERCENT",
            "_AHEAD",
            "_HALF_PAST",
            "_HAN_ONE_COUNTS",
            "_HAN_ONE_OTHERWISE",
        ),
        BOUNDED,
    ),
    "bot.answering.grounding.quantities": dict.fromkeys(
        (
            "_NUMBER",
            "_CLOCK",
            "_DAY_OF_MONTH",
            "_DATE",
            "_JOINS",
            "_MINUS",
            "_AT_MOST",
            "_AT_LEAST",
            "_AT_MOST_AFTER",
            "_AT_LEAST_AFTER",
            "_RANGE",
        ),
        BOUNDED,
    ),
    "bot.answering.grounding.parsing": dict.fromkeys(
        (
            "HAN",
            "_HAN_RUN",
            "_WORD",
            "_PLACEHOLDER",
            "_MARKUP",
            "_LIST_MARK",
            "_LINK",
            "_ADDRESS",
            "_AS_AS",
        ),
        BOUNDED,
    ),
    "bot.answering.grounding.relations": dict.fromkeys(
        ("_STATEMENT", "_STANDS_IN", "_DENIAL", "_EACH", "_WE", "_TOKEN", "_PHRASE_END"), BOUNDED
    ),
    "bot.answering.grounding.paraphrase": dict.fromkeys(
        ("_DENIAL", "_LAST", "_ONLY_IF", "_NOT_UNLESS", "_STEP"), BOUNDED
    ),
    "bot.text.sentences": dict.fromkeys(("_END", "_ABBREVIATION", "_LIST_MARK", "_GOES_ON"), FED),
    "bot.answering.grounding.entailment": dict.fromkeys(
        ("_CONDITION", "_HAN_CONDITION", "_STATEMENT", "_COUNTED_FROM"), BOUNDED
    ),
    "bot.answering.grounding.tables": dict.fromkeys(("_RULE", "_IN_UNIT"), BOUNDED),
    "bot.answering.grounding.cross_lingual": dict.fromkeys(
        (
            "_KANA",
            "_HANGUL",
            "_LATIN_WORD",
            "_WORD",
            "_PROMISE",
            "_ONLY",
            "_IF",
            "_NOT_JAPANESE",
            "_THOUSANDS",
            "_CLOCK",
            "_NUMBER_WORD",
        ),
        BOUNDED,
    ),
    "bot.answering.selection.answer": dict.fromkeys(("_HAN", "_NUMBERED"), FED),
    "bot.answering.selection.nearness": {"_HAN": FED},
    "bot.text.phrases": {"_WORD": FED},
    "bot.answering.selection.units": dict.fromkeys(
        ("_CELL", "_FENCE", "_HAN", "_ITEM", "_QUOTE"), FED
    ),
    "bot.answering.generation.judge": dict.fromkeys(("_OPINION",), WINDOW),
    "bot.understanding.language.cues": dict.fromkeys(("_END_OF_HEAD", "_OPTION"), FED),
    "bot.understanding.language.reference_numbers": {"_CODE": FED},
    "bot.understanding.language.words": {"_WORD": FED},
    "bot.understanding.language.clauses": dict.fromkeys(
        (
            "_IDEOGRAPH",
            "_SEGMENT",
            "_UNIT",
        ),
        WINDOW,
    ),
    "bot.answering.knowledge.markup.blocks": dict.fromkeys(
        (
            "_ALERT",
            "_COLONS",
            "_EXPORT",
            "_FOOTNOTE",
            "_IMPORT",
            "_INDENTED",
            "_NOTHING",
            "_SETEXT_OR_RULE",
        ),
        FED,
    ),
    "bot.answering.knowledge.markup.code": dict.fromkeys(
        (
            "_DIRECTIVE",
            "_FENCE",
            "_LANGUAGE",
            "_MASK",
            "_RAW",
            "_SPAN",
        ),
        FED,
    ),
    "bot.answering.knowledge.markup.components": dict.fromkeys(
        (
            "_ATTRIBUTE",
            "_NAME",
        ),
        FED,
    ),
    "bot.answering.knowledge.markup.links": dict.fromkeys(
        (
            "_INLINE",
            "_REFERENCE",
            "_SCHEME",
            "_SOURCE",
            "_WIKI",
        ),
        FED,
    ),
    "bot.answering.knowledge.markup.plain": dict.fromkeys(
        (
            "_APART",
            "_ATTRIBUTES",
            "_BLOCK_ID",
            "_ENTITY",
            "_EXPRESSION",
            "_FOOTNOTE",
            "_HEADING",
            "_HIGHLIGHT",
            "_ICON",
            "_ITEM",
            "_KEPT_TITLE",
            "_KEYS",
            "_MACRO",
            "_ROLE",
            "_SAFE",
        ),
        FED,
    ),
    "bot.answering.knowledge.markup.templates": dict.fromkeys(
        (
            "_COMMENTS",
            "_FALLBACK",
            "_QUOTED",
            "_SHOWN",
            "_TAG",
        ),
        FED,
    ),
    "bot.answering.knowledge.credential_checks": dict.fromkeys(("_ESCAPED",), FED),
    "bot.answering.knowledge.passages": dict.fromkeys(("_WORD", "_RULE"), FED),
    "bot.understanding.language.segments": dict.fromkeys(
        ("_IDEOGRAPH", "_NUMBER", "_SEGMENT", "_UNIT"), WINDOW
    ),
    "bot.understanding.language.spelling": {"_TOKEN": FED},
    "bot.understanding.language.desk_words": {"WORD": FED},
    "bot.answering.knowledge.bm25": dict.fromkeys(("_RUN", "_ENDING"), FED),
    "bot.answering.generation.local.model": dict.fromkeys(("_COMPLAINT",), WINDOW),
    "bot.answering.knowledge.injection": dict.fromkeys(
        ("_LINK", "_HOST", "_SCRIPT", "_FILE", "_QUOTED", "_SPEAKS"), FED
    ),
    "bot.responder": dict.fromkeys(("_CAPITAL",), WINDOW),
    "bot.stages.staff_commands": dict.fromkeys(("_COMMAND",), WINDOW),
    "bot.text.control_characters": dict.fromkeys(("_CONTROLS",), FED),
    "bot.understanding.model.attitude_head": {"_MARKED": "reads examples of ours"},
    "bot.understanding.model.shipped_examples": {"_ALTERNATIVES": "reads examples of ours"},
    "bot.staff.desk.marked_lines": dict.fromkeys(("_SEND", "_SAVED", "_TALK"), FED),
    "bot.staff.quoting": dict.fromkeys(("_LINK",), FED),
    "bot.answering.proof.reading": dict.fromkeys(("_CODES",), FED),
    "bot.config.text_field": dict.fromkeys(("_BRACES",), WINDOW),
    "bot.privacy.cards": dict.fromkeys(("_DIGITS", "_AFTER", "_NAMED"), FED),
    "bot.text.credentials": {"_BEGINNING": WINDOW, "_SURROGATE": FED},
    "bot.text.invisible": dict.fromkeys(("_LATER_EMOJI", "_FILLERS"), WINDOW),
    "bot.privacy.pseudonyms": dict.fromkeys(("PLACEHOLDER", "_EDGE"), FED),
    "bot.understanding.model.planted_head": dict.fromkeys(("_WORD",), FED),
    "bot.understanding.model.english_words": dict.fromkeys(("_WORD",), FED),
    "bot.understanding.language.tags": dict.fromkeys(("_TAG",), WINDOW),
    "adapters.discord.text": dict.fromkeys(("MENTION",), FED),
    "adapters.common.emphasis": dict.fromkeys(("_BOLD",), FED),
    "adapters.common.markdown": dict.fromkeys(
        ("_ESCAPED", "_FENCE", "_ITALIC", "_KEPT", "_LINE", "_LINK", "_SIGN", "_WORD"), FED
    ),
    "adapters.common.rewriting": dict.fromkeys(
        ("_CODE", "_NUMBER", "_PICTURE", "_POINT", "_TASK"), FED
    ),
    "adapters.discord.formatted": dict.fromkeys(
        ("_PIECE", "_PING", "_QUOTED", "_SMALL", "_SPOILER"), FED
    ),
    "adapters.discord.render": dict.fromkeys(("_UNDERLINED",), FED),
    "adapters.slack.bolt_app": dict.fromkeys(("_ANYTHING",), WINDOW),
    "adapters.slack.names": {"_MENTION": "runs from one `<@` to the next, 31 characters at most"},
    "adapters.slack.router": dict.fromkeys(("_ANYTHING",), WINDOW),
    "adapters.slack.heard": dict.fromkeys(("_TIMESTAMP",), WINDOW),
    "adapters.slack.references": dict.fromkeys(("_LINK",), FED),
    "adapters.discord.references": dict.fromkeys(("_LINK", "_ID"), WINDOW),
    "adapters.slack.emojis": dict.fromkeys(("_TONE", "_FLAG", "_CODE_POINTS"), WINDOW),
    "adapters.slack.marked_text": dict.fromkeys(
        ("_SPECIAL", "_LINE_START", "_INDENT", "_BARE", "_LOOSE", "_ADDRESS"), FED
    ),
    "adapters.slack.mrkdwn": dict.fromkeys(("_TOKEN",), FED),
    "adapters.slack.rich_text": {"_BEHIND_BOT": "reads the beginning of a text"},
    "adapters.slack.text": dict.fromkeys(("_SEQUENCE", "_PING", "_NAME"), FED),
    "adapters.terminal.blocks": dict.fromkeys(("_FENCE",), FED),
}
"""Why each pattern is linear, by module."""


def patterns(*packages: str) -> Iterator[tuple[str, str]]:
    """Yield module and name of each pattern that a package defines at the level of a module."""
    for package in packages:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if found.name.endswith("__main__") or ".migrations." in found.name:
                continue
            module = importlib.import_module(found.name)
            values = vars(module)
            names = (name for name in _assigned(module) if _holds_pattern(values.get(name)))
            yield from ((found.name, name) for name in names)


def _assigned(module: ModuleType) -> Iterator[str]:
    """Yield the names that a module assigns itself, and does not import."""
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.Assign):
            yield from (each.id for each in statement.targets if isinstance(each, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _holds_pattern(value: object) -> bool:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple):
        return any(_holds_pattern(each) for each in value)
    return isinstance(value, re.Pattern)
