"""`understanding:` each way to understand a message can be switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.build import ResponderBuilder
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.publishing.bundle import load_bundle
from bot.storage.engine import open_database

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
