"""What text functions are called with besides the text: by function, by name, by annotation."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.common.emphasis import with_visible_bold
from adapters.common.rewriting import Rules
from adapters.common.tables import as_text
from adapters.terminal.plain import PlainPage
from bot.answering.forms.extraction import SlotContext, SlotSpec
from bot.answering.generation.answer_check import CheckedAnswer
from bot.answering.generation.prompt import Persona
from bot.answering.generation.request import GenerationRequest
from bot.answering.grounding import Evidence, Guard
from bot.answering.grounding.parsing import read
from bot.answering.grounding.sanitise import DisplayRules
from bot.answering.grounding.similarity import Similarity
from bot.answering.knowledge.bm25 import WordIndex
from bot.answering.knowledge.markup.code import Masks
from bot.answering.knowledge.novelty import Novelty
from bot.answering.selection.reply import ChoiceReader
from bot.answering.selection.units import ArticleUnit, _Cutter
from bot.answering.tools import OfferedTool
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.introduction import Introduction
from bot.messages import Attachment, Author, Message, Source, Visibility
from bot.ports import Audience, Passage
from bot.privacy import Pseudonyms
from bot.privacy.recognisers.gazetteer import gazetteer
from bot.text.sentences import Sentences
from bot.text.word_lists import word_list
from bot.understanding.encoders.sentencepiece import UnigramTokenizer
from bot.understanding.intents import IntentSet
from bot.understanding.language.cues import answer_phrases
from bot.understanding.language.desk_words import DeskWords, desk_words
from bot.understanding.language.detector import LanguageDetector
from bot.understanding.language.segments import segments
from bot.understanding.language.spelling import SpellingCorrector
from bot.understanding.language.vocabulary import LanguageVocabulary
from bot.understanding.language.word_evidence import WordEvidence
from bot.understanding.language.words import Vocabulary
from bot.understanding.model.features import NgramFeatures
from tests.linear_time.walking import TextFunction

_DESK = desk_words([("en", "Where is my order? I want to return a jacket. 退货")])

_PIECES = [
    ("", 0.0),
    ("", 0.0),
    ("", 0.0),
    ("a", -2.0),
    ("1", -2.0),
    ("word", -3.0),
    ("退货", -3.0),
]


@functools.cache
def evidence() -> Evidence:
    """Return what a sentence may rest on."""
    text = "A tent costs 12 euros a day. The deposit is 80 euros. 退货免费,30天内有效。"
    return Evidence.of([Passage("rental.md", Source("Rental"), "Prices", text, 0.9)])


def _guard() -> Guard:
    return Guard(None, BotWording(ResponderConfig(), "en"))


def _hiding() -> Pseudonyms:
    """Return a vault that knows somebody: else it has nothing to look for."""
    vault = Pseudonyms()
    vault.hide("I am Maria Schmidt, maria@example.org, +49 30 12345678, order 12-12-1212")
    return vault


def _message() -> Message:
    person = Author("slack:T1:U1", "Ann")
    return Message(
        "slack:A1:C1:1.0", "slack:A1:C1", person, "Hello", datetime(2026, 1, 1, tzinfo=UTC)
    )


_NO_INTENTS = IntentSet(intents=(), out_of_scope=(), tests=(), default_language="en")

INSTANCES: Mapping[str, Callable[[], object]] = {
    "ChoiceReader": lambda: ChoiceReader(9),
    "_Cutter": _Cutter,
    "CheckedAnswer": lambda: CheckedAnswer(_guard(), evidence(), "en"),
    "DisplayRules": DisplayRules,
    "GenerationRequest": lambda: GenerationRequest(
        (), "", _hiding(), Visibility.PUBLIC, private=True, key=""
    ),
    "DeskWords": lambda: DeskWords(["where is my order"]),
    "Evidence": evidence,
    "Gazetteer": gazetteer,
    "Guard": _guard,
    "Introduction": lambda: Introduction(BotWording(ResponderConfig(), "en"), needed=True),
    "LanguageDetector": functools.cache(lambda: LanguageDetector(["en", "zh"])),
    "Masks": Masks,
    "Novelty": functools.cache(
        lambda: Novelty(_NO_INTENTS, WordIndex(["Tents cost 12 euros."]), lambda _: 1.0)
    ),
    "PlainPage": PlainPage,
    "Sentences": Sentences,
    "Similarity": lambda: Similarity(None),
    "SpellingCorrector": functools.cache(lambda: SpellingCorrector(_DESK)),
    "UnigramTokenizer": lambda: UnigramTokenizer(_PIECES, 128),
    "CuePhrases": answer_phrases,
    "Vocabulary": lambda: Vocabulary(["second", "neither"]),
    "Pseudonyms": _hiding,
    "LanguageVocabulary": functools.cache(
        lambda: LanguageVocabulary(_DESK["en"], word_list("en"), ())
    ),
    "WordEvidence": functools.cache(lambda: WordEvidence(["en", "de"], _DESK)),
    "WordList": functools.cache(lambda: word_list("en")),
    "WordIndex": functools.cache(lambda: WordIndex(["Tents cost 12 euros.", "退货免费"])),
    "NgramFeatures": functools.cache(lambda: NgramFeatures.fit(["where is my order", "退货"])),
}
"""Classes that are easily made; a text class that is not here must be, or stand in `METHODS`."""

ARGUMENTS: Mapping[str, object] = {
    "allowed": frozenset(),
    "attachments": [Attachment("tent.jpg", "image/jpeg")],
    "cue": "leans",
    "named": [(0, 1)],
    "held": [frozenset({"tent"})],
    "before": "Most trains allow gas.",
    "citation": "rental.md",
    "claim": read("A tent costs 12 euros a day."),
    "end": 9_000,
    "evidence": "A tent costs 12 euros.",
    "head": "Deposit",
    "instead": "(hidden)",
    "known": "Robin\nhelp@example.com",
    "kind": "PERSON",
    "rules": Rules(table=as_text, heading=lambda _level, text: text, inline=with_visible_bold),
    "language": "en",
    "left_out": segments("not this, that"),
    "limit": 2_000,
    "mark": "```",
    "meant": "second",
    "first": "pass",
    "second": "word",
    "marker": "only",
    "name": "only",
    "persona": Persona("Robin", "help@example.com"),
    "place": 5_000,
    "prior": "en",
    "question": "What does a tent cost?",
    "raw": "A tent costs 12 euros.",
    "regions": ("US", "DE"),
    "sentence": "A tent costs 12 euros.",
    "start": 5_000,
    "tag": "en",
    "target": "https://example.com",
    "typed": "secnd",
    "text": "A tent costs 12 euros.",
    "texts": ["A tent costs 12 euros."],
    "unit": "",
    "user": "U0BOT",
    "bot_user": "U0BOT",
    "is_open": frozenset(),
    "key": "visibility",
    "line": "| a | b |",
    "markdown": "A tent costs 12 euros.",
    "one": "a.example",
    "other": "b.example",
    "path": Path("rental.md"),
    "platform": "slack",
    "words": ("word",),
    "written": "030 1234567",
    "cell": "12",
    "label": "example.com",
    "lines": ["| a | b |", "| --- | --- |", "| 1 | 2 |"],
    "values": {"bot": "Robin"},
}
"""By the parameter's name."""

BY_ANNOTATION: Mapping[str, Callable[[], object]] = {
    "ArticleUnit": lambda: ArticleUnit("A tent costs 12 euros.", 0, 0),
    "Audience": Audience,
    "Evidence": evidence,
    "Gazetteer": gazetteer,
    "Known": lambda: str.isdigit,
    "Message": _message,
    "OfferedTool": lambda: OfferedTool("get_order", "Looks it up.", ("order_number",), ()),
    "ParsedText": lambda: read("A tent costs 12 euros a day."),
    "ProductEvent": lambda: "why",
    "Pseudonyms": _hiding,
    "SlotContext": lambda: SlotContext("en", datetime(2026, 1, 1, tzinfo=UTC)),
    "SlotSpec": lambda: SlotSpec("note"),
    "Unit": lambda: evidence().units[0],
    "Mapping[int, str]": lambda: {7: "@Ada"},
    "Sequence[str]": tuple,
    "bool": lambda: False,
    "int": lambda: 1,
    "frozenset[str]": frozenset,
}


def work_of(function: TextFunction) -> Callable[[str], object]:
    """Return what does a function's work for a text.

    Raises:
        LookupError: It needs something that stands in none of the tables.
    """
    given = {p.name: _argument(p) for p in _required(function)}
    bind = inspect.signature(function.call).bind_partial

    def work(text: str) -> object:
        self = () if function.owner is None else (INSTANCES[function.owner.__name__](),)
        bound = bind(*self, **given, **{function.parameter: text})
        return function.call(*bound.args, **bound.kwargs)

    return work


def _required(function: TextFunction) -> Iterable[inspect.Parameter]:
    parameters = list(inspect.signature(function.call).parameters.values())
    if function.owner is not None:
        del parameters[0]
        if function.owner.__name__ not in INSTANCES:
            raise LookupError(f"{function.owner.__name__} is not among INSTANCES")
    return [
        each
        for each in parameters
        if each.name != function.parameter and each.default is inspect.Parameter.empty
    ]


def _argument(parameter: inspect.Parameter) -> Any:  # noqa: ANN401 - of any type
    annotation = str(parameter.annotation)
    if annotation in BY_ANNOTATION:
        return BY_ANNOTATION[annotation]()
    if annotation.startswith(
        (
            "Sequence[Passage",
            "Sequence[ArticleUnit",
            "Sequence[TranscriptEntry",
            "Sequence[Quantity",
            "tuple[Seg",
        )
    ):
        return ()
    if parameter.name not in ARGUMENTS:
        raise LookupError(f"{parameter.name}: {annotation} stands in no table of arguments")
    return ARGUMENTS[parameter.name]
