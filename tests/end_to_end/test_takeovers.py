"""A seeded part of `python -m benchmarks.takeovers`: nothing begins after a take-over is stored."""

from __future__ import annotations

import pytest

from benchmarks.takeovers import ROUTES, measure
from tests.storage.conftest import url

__all__ = ["url"]

COUNT = 24


@pytest.mark.parametrize("seed", [15])
async def test_no_post_or_edit_begins_after_a_take_over_by_any_route(url: str, seed: int) -> None:
    result = await measure(url, COUNT, seed, workers=2 if url.startswith("postgres") else 1)

    assert result.holds, str(result)
    assert set(result.routes) == set(ROUTES)
    assert result.met >= COUNT / 4, str(result)
