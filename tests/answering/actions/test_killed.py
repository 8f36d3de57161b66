"""A seeded copy of `benchmarks.actions`: kills and lost replies around a write."""

from __future__ import annotations

import pytest

from benchmarks.actions import measure, scenes
from tests.databases import BACKENDS

CHOSEN = {
    "killed: planned",
    "killed: sent",
    "killed: answered",
    "killed: posting",
    "killed after the effect",
    "killed when the request arrives, effect afterwards",
    "reply and first lookup lost",
}


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_write_takes_effect_once_and_is_confirmed_once(backend: str) -> None:
    chosen = [each for each in scenes(1, seed=7) if each.lookup and each.what in CHOSEN]
    chosen += [each for each in scenes(0, seed=7) if not each.lookup and each.dies == "sent"]
    results = await measure(backend, chosen)
    assert [each for each in results if not each.holds] == []
    assert len(results) == len(CHOSEN) + 1
