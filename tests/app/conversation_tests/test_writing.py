"""What is recorded reads back as it was meant."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.reading import load_conversations
from bot.app.conversation_tests.recording import expectation
from bot.app.conversation_tests.schema import ConversationEntry, TurnEntry
from bot.app.conversation_tests.writing import conversation_file
from bot.messages import Button, Decision, DecisionKind, ScoredIntent, Source

TEXTS = st.one_of(
    st.text(min_size=1).filter(str.strip),
    st.sampled_from(
        ["no", "1", "a, b", "a: b", "# x", "- y", "line\n\nline", "[x]", "null", "x\r\ny", "“ü”\\"]
    ),
)
LABELS = st.lists(TEXTS, max_size=3)
KINDS = st.sampled_from(
    [
        DecisionKind.INTENT,
        DecisionKind.CLARIFY,
        DecisionKind.QUOTED,
        DecisionKind.GENERATED,
        DecisionKind.LIMITED,
    ]
)


@st.composite
def turns(draw: st.DrawFn) -> TurnEntry:
    intents = (ScoredIntent("hours", 0.9),)
    decision = Decision("d", "m", draw(KINDS), intents=intents)
    buttons = tuple(Button("b", label) for label in draw(LABELS))
    sources = tuple(Source(title) for title in draw(LABELS))
    reply = Reply(decision, draw(st.one_of(st.just(""), TEXTS)), buttons, sources)
    step = draw(st.sampled_from(["say", "press"]))
    return TurnEntry.model_validate({step: draw(TEXTS), "expect": expectation(reply)})


@given(TEXTS, st.lists(turns(), min_size=1, max_size=4))
def test_a_recorded_conversation_reads_back(name: str, played: list[TurnEntry]) -> None:
    entry = ConversationEntry(name=name, seed="1f2e3d", turns=tuple(played))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chat.yaml"
        file.write_text(conversation_file([entry]), encoding="utf-8", newline="")
        (read,) = load_conversations([file], ["hours"])
    assert read.entry == entry
