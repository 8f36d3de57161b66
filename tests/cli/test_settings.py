"""Settings that commands read: what they print and write changes with them."""

from __future__ import annotations

from tests.cli.command import Frontdesk


def test_costs_are_shown_in_the_currency_of_the_budget(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text("budget: {currency: EUR}\n")
    assert "GPT: 0.0000 EUR in 0 requests" in frontdesk("stats").out
