"""`understanding:` each way to understand a message can be switched off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.build import ResponderBuilder
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.messages import DecisionKind, Done
from bot.publishing.bundle import load_bundle
from bot.storage.engine import open_database
from tests.delivery.support import received

STAGES = {
    "negation": {"LeaveOutNegated"},
    "several": {"AnswerSeveral"},
    "feelings": {"ReadFeelings", "AnswerFrustrated"},
}


@pytest.mark.parametrize("key", STAGES)
async def test_a_switch_leaves_its_stage_out(key: str, config: Config, tmp_path: Path) -> None:
    off = config.understanding.model_copy(update={key: False})
    bundle = load_bundle(config)
    found = []
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
        for each in (config, config.model_copy(update={"understanding": off})):
            responder = ResponderBuilder(each, database, SystemClock()).build(bundle)
            found.append([type(stage).__name__ for stage in responder._stages])
    on, without = found
    assert STAGES[key] <= set(on)
    assert without == [name for name in on if name not in STAGES[key]]


async def test_a_model_without_heads_serves_and_says_so_in_one_line(
    config: Config, tmp_path: Path
) -> None:
    bundle = load_bundle(config)
    english = bundle.classifier.recogniser("en")
    bundle.classifier._english = replace(english, danger=None, feelings=None)
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
        with capture_logs() as logs:
            responder = ResponderBuilder(config, database, SystemClock()).build(bundle)
        parts = [part async for part in responder.respond(received(1, text="the lamp caught fire"))]
    assert [line["event"] for line in logs] == ["model_without_heads"]
    last = parts[-1]
    assert isinstance(last, Done)
    assert last.decision.kind is DecisionKind.SAFETY
    assert last.decision.sentiment is None
