"""Settings that commands read: what they print and write changes with them."""

from __future__ import annotations

from tests.cli.command import Frontdesk


def test_costs_are_shown_in_the_currency_of_the_budget(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text("budget: {currency: EUR}\n")
    assert "GPT: 0.0000 EUR in 0 requests" in frontdesk("stats").out


def test_who_was_forgotten_is_noted_where_config_says(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text("privacy: {ledger: apart/forgotten.jsonl}\n")
    assert frontdesk("db", "upgrade").code == 0
    ran = frontdesk("privacy", "forget", "--user", "test:u", "--yes")
    assert (frontdesk.folder / "apart" / "forgotten.jsonl").is_file(), ran.out + ran.err
