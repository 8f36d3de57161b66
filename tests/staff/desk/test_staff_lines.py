"""A short run of `benchmarks.desk`: both platforms, failing posts, a kill with -9."""

from __future__ import annotations

from pathlib import Path

from benchmarks.desk import check, parsed, play


async def test_exactly_the_sent_lines_arrive_in_order_once(tmp_path: Path) -> None:
    options = parsed(["--lines", "24", "--kills", "1", "--rate", "40", "--seed", "3"])
    desk = await play(f"sqlite:///{tmp_path}/frontdesk.db", options)
    found = check(desk)

    assert (found.sent + found.inside, desk.troubles["kills"]) == (24, 1)
    assert min(found.sent, found.inside) > 5
    assert found.is_right, found
