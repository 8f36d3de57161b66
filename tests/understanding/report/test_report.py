"""What a report works out of outcomes, and how it is drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FrontdeskError
from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.privacy.pseudonyms import masked
from bot.understanding.corpus import Example
from bot.understanding.evaluation.predictions import (
    OUT_OF_SCOPE,
    LabelledPrediction,
    as_labelled_predictions,
)
from bot.understanding.evaluation.report import (
    Report,
    ReportSource,
    build_report,
    render,
    write_report,
)
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.registry import Manifest, ModelIntent

NAMES = ("order_status", "refund", "greeting")
MANIFEST = Manifest(
    "v1",
    "",
    "",
    "embedded",
    "",
    "",
    "",
    tuple(ModelIntent(name, name, personal=False, draft=False) for name in NAMES),
    Calibration(1, 0, 0.5, 0.6, 0.5, 0.2),
    {},
    {},
)


def outcome(
    text: str, expected: str, first: str, confidence: float, example: Example | None = None
) -> LabelledPrediction:
    others = tuple(ScoredIntent(name, 0.01) for name in NAMES if name != first)
    intents = (ScoredIntent(first, confidence), *others)
    return LabelledPrediction(text, expected, Prediction(intents, 0.5, 0.2, "v1", ""), example)


def example(text: str, line: int = 7) -> Example:
    return Example(text, path=Path("intents/shop.yaml"), line=line)


def report(outcomes: Sequence[LabelledPrediction]) -> Report:
    source = ReportSource("messages.csv", "v1", "2026-01-02 03:04 UTC")
    seen = as_labelled_predictions(outcomes, MANIFEST)
    return build_report(MANIFEST, outcomes, source, labelled=seen, max_wrong=0.07, mask=masked)


MIXED = (
    outcome("where is it", "order_status", "order_status", 0.9),
    outcome("it is late", "order_status", "refund", 0.8),
    outcome("my money", "refund", "refund", 0.7),
    outcome("money", "refund", "refund", 0.3),
    outcome("hm", OUT_OF_SCOPE, "greeting", 0.6),
    outcome("cook rice", OUT_OF_SCOPE, "greeting", 0.1),
)


def test_figures_of_an_intent_are_those_worked_out_by_hand() -> None:
    status, refund, greeting = report(MIXED).intents
    assert (status.texts, status.precision, status.recall) == (2, 1.0, 0.5)
    assert (refund.precision, refund.recall, refund.f1) == (2 / 3, 1.0, 0.8)
    assert refund.answered == 0.5
    assert (greeting.texts, greeting.precision, greeting.recall) == (0, 0.0, None)


def test_the_matrix_counts_what_was_taken_for_what() -> None:
    made = report(MIXED)
    assert made.names == (*NAMES, OUT_OF_SCOPE)
    assert made.matrix == ((1, 1, 0, 0), (0, 2, 0, 0), (0, 0, 0, 0), (0, 0, 1, 1))


def test_the_curve_ends_where_everything_is_answered_and_today_lies_on_it() -> None:
    made = report(MIXED)
    assert made.today is not None
    assert (made.today.answered, made.today.wrong) == (4 / 6, 0.5)
    assert (made.curve[0].answered, made.curve[0].wrong) == (1 / 6, 0)
    assert (made.curve[-1].answered, made.curve[-1].wrong) == (1.0, 0.5)


def test_reliability_is_of_texts_in_scope() -> None:
    assert [(one.texts, one.right) for one in report(MIXED).bins] == [
        (1, 1.0),
        (1, 1.0),
        (1, 0.0),
        (1, 1.0),
    ]


def test_confusions_that_customers_would_notice_come_first() -> None:
    unsure = [outcome(f"u{n}", "greeting", "refund", 0.3) for n in range(4)]
    first, second, third = report([*unsure, *MIXED]).confusions
    assert (first.expected, first.predicted, first.answered) == (OUT_OF_SCOPE, "greeting", 1)
    assert (second.expected, second.predicted) == ("order_status", "refund")
    assert (third.count, third.answered) == (4, 0)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([outcome("hm", OUT_OF_SCOPE, "refund", 0.9)], "Add to `out_of_scope:`: “hm”"),
        (
            [outcome("hm", OUT_OF_SCOPE, "refund", 0.9, example("hm"))],
            "Add to `not:` of refund: “hm”",
        ),
        (
            [outcome(f"t{n}", "greeting", "refund", 0.9, example(f"t{n}")) for n in range(3)],
            "merge greeting and refund",
        ),
        (
            [outcome("pay", "greeting", "refund", 0.9, example("pay"))],
            "If they belong to refund, move “pay” there; else add them to `not:`",
        ),
        (
            [outcome("pay", "greeting", "refund", 0.3, example("pay"))],
            "Write more examples of greeting like “pay”: it has only 1",
        ),
        (
            [
                outcome("pay", "greeting", "refund", 0.3, example("pay")),
                *(outcome(f"g{n}", "greeting", "greeting", 0.9, example("g")) for n in range(12)),
            ],
            "Add to `not:` of refund: “pay”",
        ),
        ([outcome("pay", "greeting", "refund", 0.3)], "Write more examples of greeting like “pay”"),
    ],
)
def test_every_confusion_has_a_remedy(outcomes: list[LabelledPrediction], said: str) -> None:
    rest = [outcome(f"r{n}", "refund", "refund", 0.9) for n in range(12)]
    (confusion,) = report([*outcomes, *rest]).confusions
    assert said in confusion.advice


def test_examples_are_quoted_with_their_places() -> None:
    (confusion,) = report([outcome("hi", "greeting", "refund", 0.9, example("hi"))]).confusions
    assert confusion.texts[0].place == "intents/shop.yaml:7"


def test_personal_data_is_masked_wherever_texts_are_quoted() -> None:
    made = report([outcome("write to maria@example.org", "greeting", "refund", 0.9)])
    assert "maria@" not in render(made) + json.dumps(made.to_json())
    assert "write to [" in render(made)


def test_promises_that_texts_bear_out_stand_beside_those_that_are_unknown() -> None:
    right = [outcome(f"t{n}", "refund", "refund", 0.9) for n in range(30)]
    made = report(right)
    assert [bound.max_wrong for bound in made.error_bounds] == [0.05, 0.07, 0.1, 0.2]
    page = render(made)
    assert "Verified on the 30 messages of messages.csv" in page
    missing = made.error_bounds[1].missing
    assert (
        f"unknown: label {missing} more messages; until then, <code>careful</code> applies" in page
    )
    assert "<td>0.90</td><td>100.0 %</td><td>0.0 %</td>" in page


def test_machines_get_everything_as_plain_values() -> None:
    document = json.loads(json.dumps(report(MIXED).to_json(), allow_nan=False))
    assert document["n"] == 6
    assert document["confusions"][0]["advice"]
    assert {"intents", "matrix", "reliability", "curve", "today", "accuracy"} < set(document)


class Page(HTMLParser):
    """Collects what a page loads, and what is left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.loaded += [name for name in ("src", "href", "srcset") if name in attributes]
        self.ids += [attributes["id"] or ""] if "id" in attributes else []
        if tag == "svg":
            self.pictures.append(attributes)
        if tag not in {"meta", "br", "rect", "line", "circle", "polyline"} or tag == "svg":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"rect", "line", "circle", "polyline"}:
            return
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave what closes itself."""


def test_the_page_needs_nothing_else_and_says_in_words_what_it_draws() -> None:
    text = render(report(MIXED))
    page = Page(text)
    assert page.open == []
    assert page.loaded == []
    assert "<script" not in text
    assert "url(" not in text
    assert len(page.pictures) == 3
    for picture in page.pictures:
        assert picture["role"] == "img"
        assert set((picture["aria-labelledby"] or "").split()) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_report_of_nothing_is_a_page() -> None:
    assert Page(render(report([]))).open == []


@settings(max_examples=20)
@given(st.text(), st.text(min_size=1))
def test_whatever_customers_and_labels_say_is_shown_as_text(text: str, label: str) -> None:
    page = render(report([outcome(f"<b>{text}</b>", label, "refund", 0.9)]))
    assert "<b>" not in re.sub(r"<figcaption><b>", "", page)


def test_half_of_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    path = write_report(report([outcome("a\ud800b", "greeting", "refund", 0.9)]), tmp_path / "out")
    assert "a?b" in path.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FrontdeskError, match="name another folder with `--report`"):
        write_report(report(MIXED), tmp_path / "file")


def test_many_intents_are_cut_to_those_that_are_confused_most() -> None:
    many = [outcome(f"t{n}", f"label_{n:03}", "refund", 0.9) for n in range(80)]
    text = render(report(many))
    assert "The 30 most confused of 81 intents are shown" in text
    assert "of 80 are shown" in text
