"""What comes at the same time is classified together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.model.batched import LARGEST, Batched


class Recorder:
    """Predicts a text's length as its intent; can be held back, and can fail."""

    def __init__(self) -> None:
        self.batches: list[Sequence[str]] = []
        self.free = threading.Event()
        self.free.set()

    def predict(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Prediction]:
        self.free.wait(10)
        self.batches.append(texts)
        if "fail" in texts:
            raise ValueError("cannot")
        return [
            Prediction((ScoredIntent(f"i{len(text)}", 1.0),), 0.5, 0.2, "m", "h") for text in texts
        ]


async def test_everybody_gets_the_answer_to_their_own_text() -> None:
    recorder = Recorder()
    batched = Batched(recorder)
    texts = ["x" * length for length in range(200)]
    answers = await asyncio.gather(*(batched.classify(text) for text in texts))
    assert [answer.intents[0].name for answer in answers] == [f"i{length}" for length in range(200)]
    assert len(recorder.batches) < 20
    assert max(len(batch) for batch in recorder.batches) <= LARGEST


async def test_a_text_alone_does_not_wait() -> None:
    recorder = Recorder()
    await Batched(recorder).classify("one")
    assert recorder.batches == [["one"]]


async def test_a_failure_reaches_those_who_asked_and_nobody_after() -> None:
    batched = Batched(Recorder())
    with pytest.raises(ValueError, match="cannot"):
        await batched.classify("fail")
    assert (await batched.classify("fine")).intents[0].name == "i4"


async def test_who_goes_away_does_not_stop_the_others() -> None:
    recorder = Recorder()
    recorder.free.clear()
    batched = Batched(recorder)
    first = asyncio.create_task(batched.classify("a"))
    second = asyncio.create_task(batched.classify("bb"))
    await asyncio.sleep(0)
    first.cancel()
    recorder.free.set()
    assert (await second).intents[0].name == "i2"
