"""`doctor`, over a desk that is trained and over what may be wrong with one."""

from __future__ import annotations

import shutil

from tests.cli.command import Frontdesk

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}


def test_a_desk_that_is_in_order_has_no_failures(copied: Frontdesk) -> None:
    report = copied("doctor", "--offline", "--json").json()
    states = {finding["about"]: finding["state"] for finding in report["findings"]}
    assert report["ok"] is True
    assert {"config", "intents", "model", "encoder", "published", "database", "gpt"} <= set(states)
    assert "fail" not in states.values()


def test_what_is_missing_or_broken_is_named_with_its_remedy(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("slack: {}\ndatabase: postgresql://127.0.0.1:9/x\n")
    (copied.folder / "intents" / "broken.yaml").write_text("version: 1\nintents:\n  - nmae: x\n")
    shutil.rmtree(copied.folder / ".frontdesk" / "model")
    ran = copied("doctor", "--offline")
    assert ran.code == 1
    failing = [line.split(":")[0] for line in ran.out.splitlines() if line.startswith("fail")]
    assert {"fail intents", "fail model", "fail database", "fail slack"} <= set(failing)
    assert "intents/broken.yaml:3:5: " in ran.out
    assert "run `frontdesk train`" in ran.out
    assert "SLACK_BOT_TOKEN" in ran.out
    assert "Traceback" not in ran.out + ran.err
