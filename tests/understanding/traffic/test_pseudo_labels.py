"""Which messages are proposed and learned, and which are left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.corpus import PseudoLabelled
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.traffic.learned_file import Learned
from bot.understanding.traffic.pseudo_labels import (
    Labelled,
    LeftOut,
    learned_problems,
    propose,
    usable,
)

DAY = date(2026, 11, 20)
INTENTS = """\
version: 1
intents:
  - name: opening_hours
    examples: [are you open, when do you close]
    not: [is my account open]
    reply: From nine to five.
  - name: order_status
    risk: personal
    examples: [where is my parcel, track my order]
    reply: Soon.
  - name: gift_card
    draft: true
    examples: [a voucher please, do you have gift cards]
out_of_scope: [what is the capital of france]
"""


@pytest.fixture
def intents(tmp_path: Path) -> IntentSet:
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "shop.yaml").write_text(INTENTS)
    return load_intents(tmp_path / "intents")


def said(text: str, intent: str = "opening_hours", confidence: float = 0.9) -> Labelled:
    ranked = (ScoredIntent(intent, confidence),) if intent else ()
    return Labelled(text, Prediction(ranked, 0.5, 0.2, "v", "h"), DAY, "0" * 16)


def learned(text: str, intent: str = "opening_hours", line: int = 0) -> Learned:
    return Learned(intent, text, DAY, "0" * 16, line)


def left_out(messages: Sequence[Labelled], intents: IntentSet) -> dict[LeftOut, int]:
    proposal = propose(messages, intents, ())
    assert proposal.rows == ()
    return dict(proposal.left_out)


def test_a_message_that_the_model_is_sure_of_is_proposed(intents: IntentSet) -> None:
    proposal = propose([said("until when can I come in", confidence=0.7)], intents, ())
    assert proposal.rows == (learned("until when can I come in"),)


def test_an_unsure_or_wordless_message_is_not(intents: IntentSet) -> None:
    messages = [said("hm", confidence=0.69), said("?!", intent=""), said("x", intent="unknown")]
    assert left_out(messages, intents) == {LeftOut.UNSURE: 3}


def test_nothing_is_proposed_for_personal_intents_and_drafts(intents: IntentSet) -> None:
    messages = [said("has it shipped", "order_status", 1.0), said("a card", "gift_card", 1.0)]
    assert left_out(messages, intents) == {LeftOut.PERSONAL: 1, LeftOut.DRAFT: 1}


def test_personal_data_is_replaced(intents: IntentSet) -> None:
    messages = [said("open today? tell maria@example.org or +44 20 7946 0018")]
    (row,) = propose(messages, intents, ()).rows
    assert row.text == "open today? tell [EMAIL_1] or [PHONE_1]"


def test_what_is_personal_alone_or_too_long_is_not(intents: IntentSet) -> None:
    messages = [said("maria@example.org"), said("open? " * 50), said("\x1b\u202e?")]
    assert left_out(messages, intents) == {LeftOut.UNUSABLE: 3}


def test_terminal_controls_and_line_ends_are_taken_out(intents: IntentSet) -> None:
    (row,) = propose([said("open\x1b[2J\n today?")], intents, ()).rows
    assert row.text == "open[2J today?"


def test_what_people_labelled_and_what_was_said_twice_is_not_proposed_again(
    intents: IntentSet,
) -> None:
    messages = [
        said("ARE  you open"),
        said("is my account open"),
        said("What is the capital of France"),
        said("open now?"),
        said("Open now?"),
        said("open later?"),
    ]
    proposal = propose(messages, intents, [learned("open later?")])
    assert proposal.rows == (learned("open now?"),)
    assert proposal.left_out == {LeftOut.KNOWN: 5}


def test_one_text_with_two_intents_is_learned_as_neither(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(INTENTS.replace("risk: personal", "risk: normal"))
    intents = load_intents(tmp_path)
    messages = [said("it is about order 48213"), said("it is about order 48214", "order_status")]
    assert left_out(messages, intents) == {LeftOut.CONFLICTING: 2}


def test_training_takes_approved_messages_in_any_order(intents: IntentSet) -> None:
    rows = [learned("open later?"), learned("open now?")]
    expected = (
        PseudoLabelled("open later?", "opening_hours"),
        PseudoLabelled("open now?", "opening_hours"),
    )
    assert usable(rows, intents) == usable(rows[::-1], intents) == expected


def test_what_contradicts_the_intents_is_not_learned_and_check_says_why(
    intents: IntentSet,
) -> None:
    rows = [
        learned("open now?", line=1),
        learned("has it shipped", "order_status", 2),
        learned("a card", "gift_card", 3),
        learned("hi", "greeting", 4),
        learned("is my account OPEN", line=5),
    ]

    problems = [str(each) for each in learned_problems(rows, intents, Path("learned.yaml"))]

    assert usable(rows, intents) == (PseudoLabelled("open now?", "opening_hours"),)
    assert problems == [
        (
            "learned.yaml:2:1: warning: intents.order_status: messages are never learned for an "
            "intent with `risk: personal`: delete these messages, or move them to another intent"
        ),
        (
            "learned.yaml:3:1: warning: intents.gift_card: messages are never learned for a draft: "
            "delete these messages, or move them to another intent"
        ),
        (
            "learned.yaml:4:1: warning: intents.greeting: there is no such intent: "
            "delete these messages, or move them to another intent"
        ),
        (
            "learned.yaml:5:1: warning: intents.opening_hours: this text is written in "
            "shop.yaml:5, which counts: delete this line"
        ),
    ]


def test_approved_texts_under_two_intents_count_for_neither(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(INTENTS.replace("risk: personal", "risk: normal"))
    intents = load_intents(tmp_path)
    rows = [learned("late again"), learned("Late again", "order_status", 2)]

    assert usable(rows, intents) == ()
    wrong = [each.wrong for each in learned_problems(rows, intents, Path("learned.yaml"))]
    assert wrong == [
        "the same text is also learned as order_status: neither counts",
        "the same text is also learned as opening_hours: neither counts",
    ]
