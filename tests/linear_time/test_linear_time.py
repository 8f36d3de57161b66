"""No text that a customer or a model can write costs more than in proportion to its length.

The one place where tests measure time: process time, the fastest of five runs, above a floor, and
only how it grows. What grows too fast is measured once more before the test fails.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest

from bot.answering.forms.extraction import (
    SLOT_TYPES,
    SlotContext,
    SlotSpec,
    SlotType,
    read_slot,
)
from bot.answering.knowledge.markup import plain
from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.rasa.annotations import plain_text
from tests.answering.recommendations.shop import read as read_wish
from tests.linear_time.arguments import work_of
from tests.linear_time.exclusions import FUNCTIONS, METHODS, MODULES, PARAMETERS
from tests.linear_time.growth import consumed, repeated, superlinear
from tests.linear_time.patterns import REASONS, patterns
from tests.linear_time.walking import TextFunction, text_functions

PIECES = (
    "1234567890", "12-12 ", "1,", "4111 1111 ", "$5 ",
    "[", "[a](", "(", "<b>", "{", "`", "**a ", "> ",
    " ", "\n", " \n", "\u200b",
    "<@U0BOT> ", "<@U0BOT|", "@", "https://a.example/b ", "a.b@c.de ",
    "三百二十", "退货,",
    "a", "A-", "a. ", "&amp;", "/a", "Anna ", "one hundred and ", "Max Street 1 ", "a at b dot ",
    "born 1.1.", "my id no is ", "max street 1,\n", "a point ", "AB 12 ",
)  # fmt: skip
"""What hostile or merely odd messages consist of."""

pytestmark = [
    pytest.mark.timeout(900),  # process time counts, on however busy a machine
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # see AGAIN
]

_ALL = tuple(text_functions("bot", "adapters"))


def _module(function: TextFunction) -> str:
    return function.name.partition(":")[0]


def _is_excluded(function: TextFunction) -> bool:
    method = function.owner is not None and function.name.partition(":")[2] in METHODS
    module = any(function.name.startswith(prefix) for prefix in MODULES)
    return method or module or function.parameter in PARAMETERS or function.id in FUNCTIONS


_READ = tuple(function for function in _ALL if not _is_excluded(function))


def _is_private(function: TextFunction) -> bool:
    return function.name.partition(":")[2].rpartition(".")[2].startswith("_")


_OPEN = {_module(function) for function in _READ if not _is_private(function)} | {
    name.partition(":")[0] for name, reason in FUNCTIONS.items() if reason.startswith("is fed")
}
_FED = tuple(each for each in _READ if not _is_private(each) or _module(each) not in _OPEN)
"""Private functions are fed through the public ones of their module, where it has any."""

_MODULES = sorted({_module(function) for function in _FED})


@pytest.mark.parametrize("module", _MODULES)
def test_the_work_for_a_text_grows_with_its_length_and_no_faster(module: str) -> None:
    functions = [function for function in _FED if _module(function) == module]

    grown = {function.id: found for function in functions if (found := _grown(function))}

    assert grown == {}


def _grown(function: TextFunction) -> dict[str, str]:
    """Return the pieces that a function reads in more than linear time, with its times."""
    called = work_of(function)

    def work(text: str) -> object:
        try:
            return consumed(called(text))
        except (ValueError, KeyError):  # not a number, not a tag: refused, which takes time as well
            return None

    grown = ((piece, superlinear(work, piece)) for piece in PIECES)
    return {piece: growth for piece, growth in grown if growth}


@pytest.mark.parametrize(
    "piece", ["{/*", "{# ", "{{<", "{%", "<A {", "<Tab>", "{a.b(", "!!! a\n    "]
)
def test_markup_that_is_never_closed_is_read_in_linear_time(piece: str) -> None:
    assert superlinear(lambda text: plain(text[: len(text) // 2]), piece) == ""


@pytest.mark.parametrize("piece", ["[a](b:", "[a](", "[a]{", "[a][{b},"])
def test_annotations_that_are_never_closed_are_read_in_linear_time(piece: str) -> None:
    assert (
        superlinear(lambda text: plain_text(ImportedContent(), "intent", text, "nlu.yml:1"), piece)
        == ""
    )


@pytest.mark.parametrize("kind", SLOT_TYPES)
def test_a_slot_of_every_type_is_read_in_linear_time(kind: SlotType) -> None:
    slot = SlotSpec("a", kind, pattern=r"[A-Z]+\d+", choices={"navy": ("navy", "dark blue")})
    context = SlotContext("en", datetime(2026, 1, 1, tzinfo=UTC))
    pieces = ("1. ", "one and ", "half past ", "not navy, ")
    grown = {
        piece: superlinear(lambda text: read_slot(slot, text, context), piece) for piece in pieces
    }

    assert {piece: growth for piece, growth in grown.items() if growth} == {}


def test_reading_a_request_for_products_takes_time_in_proportion() -> None:
    read_wish("a jacket")  # the catalogue is read
    pieces = ("not black ", "under 100 ", "Regenjacke ", "不要 黑色", "lighter than the Rill 2 ")
    grown = {piece: superlinear(read_wish, piece) for piece in pieces}

    assert {piece: growth for piece, growth in grown.items() if growth} == {}


def test_every_exclusion_is_of_something_that_exists() -> None:
    names = {function.name for function in _ALL}
    ids = {function.id for function in _ALL}
    methods = {name.partition(":")[2] for name in names}

    assert [prefix for prefix in MODULES if not any(n.startswith(prefix) for n in names)] == []
    assert PARAMETERS.keys() <= {function.parameter for function in _ALL}
    assert FUNCTIONS.keys() <= ids
    assert METHODS.keys() <= methods


def test_every_pattern_over_foreign_text_says_why_it_is_linear() -> None:
    found = {
        (module, name)
        for module, name in patterns("bot", "adapters")
        if not any(module.startswith(prefix) for prefix in MODULES)
    }

    assert found == {(module, name) for module, names in REASONS.items() for name in names}


def test_a_new_text_function_is_fed() -> None:
    fed = {function.id for function in _FED}

    assert {
        "bot.privacy.detector:find(text)",
        "bot.privacy.pseudonyms:Pseudonyms.hide(text)",
        "bot.answering.grounding.quantities:measure(text)",
        "adapters.slack.text:read_text(text)",
    } <= fed
    assert not {"text", "markdown", "question", "sentence", "word", "line"} & PARAMETERS.keys()


def test_quadratic_work_is_noticed() -> None:
    pattern = re.compile(r"\s*<@BOT>")

    assert superlinear(lambda text: pattern.sub("", text), " ")


def test_linear_work_passes() -> None:
    pattern = re.compile(r"(?<!\s)\s*<@BOT>")

    assert superlinear(lambda text: [pattern.sub("", text) for _ in range(20)], " ") == ""


def test_work_without_end_is_stopped() -> None:
    pattern = re.compile(r"(?:a|a)*b")

    assert "more than 1 s" in superlinear(lambda text: pattern.fullmatch(text[:60]), "a")


def test_work_is_stopped_though_a_finalizer_swallows_the_first_attempt() -> None:
    class Slow:
        def __del__(self) -> None:
            while time.process_time() < ends:
                pass

    def work(_text: str) -> None:
        Slow()
        while True:
            pass

    ends = time.process_time() + 1.02

    assert "more than 1 s" in superlinear(work, "a")


def test_each_run_has_a_text_of_its_own() -> None:
    texts = {repeated("12-12 ", 10_000, run) for run in range(5)}

    assert len(texts) == 5
    assert {len(text) for text in texts} == {10_000}
