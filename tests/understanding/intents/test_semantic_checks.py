"""What `frontdesk check` finds in the meaning of examples, with the embedded encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.intents import load_intents
from bot.understanding.intents.privacy_checks import personal_data
from bot.understanding.intents.semantic_checks import semantic_problems, written_texts

HOURS = (
    "when are you open",
    "opening hours please",
    "are you open on sunday",
    "until what time is the shop open",
    "do you open on public holidays",
)
REFUND = (
    "where is my refund",
    "when do I get my money back",
    "has my refund been paid yet",
    "the refund is not on my account",
    "how long does a refund take",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder_files(exported_encoder("embedded"))


def intent(name: str, examples: tuple[str, ...], miss: str = "") -> str:
    lines = [f"  - name: {name}", "    reply: Yes.", "    examples:"]
    lines += [f'      - "{text}"' for text in examples]
    lines += [f'    not: ["{miss}"]'] if miss else []
    return "\n".join(lines) + "\n"


def said(folder: Path, encoder: Encoder, *intents: str, outside: str = "") -> list[str]:
    text = f"version: 1\nintents:\n{''.join(intents)}{outside}"
    (folder / "shop.yaml").write_text(text)
    loaded = load_intents(folder)
    problems = [*semantic_problems(loaded, encoder.read(written_texts(loaded)))]
    assert all(problem.severity == "warning" for problem in problems)
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def test_sound_intents_raise_no_doubts(tmp_path: Path, encoder: Encoder) -> None:
    assert said(tmp_path, encoder, intent("hours", HOURS), intent("refund", REFUND)) == []


def test_one_intent_alone_raises_no_doubts(tmp_path: Path, encoder: Encoder) -> None:
    assert said(tmp_path, encoder, intent("hours", HOURS)) == []


def test_examples_that_say_the_same_in_two_intents(tmp_path: Path, encoder: Encoder) -> None:
    intents = intent("hours", HOURS), intent("visit", ("when are you open?", "where is the shop"))
    assert said(tmp_path, encoder, *intents)[0] == (
        'shop.yaml:14:9: warning: visit.examples: "when are you open?" means the same as '
        '"when are you open" of hours (shop.yaml:6): keep it in one of the two, or reword it to '
        "say what only this intent is about"
    )


def test_an_example_in_the_wrong_intent(tmp_path: Path, encoder: Encoder) -> None:
    strange = (*HOURS, "my refund has not arrived")
    (problem,) = said(tmp_path, encoder, intent("hours", strange), intent("refund", REFUND))
    assert problem == (
        'shop.yaml:11:9: warning: hours.examples: "my refund has not arrived" looks like refund: '
        "move it to refund; if it is right here, add it to `not:` of refund"
    )


def test_what_an_admin_has_decided_is_not_doubted_again(tmp_path: Path, encoder: Encoder) -> None:
    strange = "my refund has not arrived"
    intents = intent("hours", (*HOURS, strange)), intent("refund", REFUND, miss=strange)
    assert said(tmp_path, encoder, *intents) == []


def test_out_of_scope_texts_may_look_like_intents(tmp_path: Path, encoder: Encoder) -> None:
    outside = "out_of_scope: [when does my tax refund arrive, tell me a joke]\n"
    assert said(tmp_path, encoder, intent("refund", REFUND), outside=outside) == []


def test_intents_that_overlap(tmp_path: Path, encoder: Encoder) -> None:
    late = "my parcel is late", "the order is delayed", "delivery did not come", "box still missing"
    missing = "my parcel is delayed", "the order is late", "delivery missing", "box did not come"
    problems = said(
        tmp_path, encoder, intent("late", late), intent("missing", missing), intent("hours", HOURS)
    )
    assert any("overlaps with late (shop.yaml:3)" in problem for problem in problems), problems
    assert any("merge the two and ask for the difference in a slot" in one for one in problems)


def test_examples_that_are_all_alike(tmp_path: Path, encoder: Encoder) -> None:
    alike = tuple(f"where is my refund{mark}" for mark in ("", "?", "!", "..", "?!", "??"))
    (problem,) = said(tmp_path, encoder, intent("hours", HOURS), intent("refund", alike))
    assert "shop.yaml:11: " not in problem
    assert "refund: the 6 examples are too similar to each other: add examples" in problem


def test_scripts_that_the_encoder_does_not_know_raise_no_doubts(
    tmp_path: Path, encoder: Encoder
) -> None:
    chinese = "我的退款到哪了", "退款什么时候到", "什么时候退钱"
    intents = intent("hours", HOURS), intent("refund", REFUND), intent("refund_zh", chinese)
    assert said(tmp_path, encoder, *intents) == []


def test_personal_data_in_examples_is_pointed_out_and_not_repeated(tmp_path: Path) -> None:
    text = intent("mail", ("write to maria@example.org", "call me"), miss="card 4111111111111111")
    (tmp_path / "shop.yaml").write_text(f"version: 1\nintents:\n{text}")
    first, second = (str(problem) for problem in personal_data(load_intents(tmp_path)))
    assert (
        "shop.yaml:6:9: warning: mail.examples: seems to contain an email address: replace" in first
    )
    assert "mail.not: seems to contain a card number" in second
    assert "maria" not in first
