"""`bot/` names no platform: what is special about one comes from its adapter's plugin."""

from __future__ import annotations

import re
from pathlib import Path

CORE = Path(__file__).parents[1] / "bot"
PLATFORM = re.compile(r"slack|discord", re.IGNORECASE)
FORMS_OF_DATA = {
    CORE / "text" / "credentials.py",
    CORE / "privacy" / "recognisers" / "handles.py",
}
"""Secrets and names of fifty providers, which are found also where no adapter is installed."""


def test_no_module_of_the_core_names_a_platform() -> None:
    named = [
        f"{module.relative_to(CORE)}:{number}: {line}"
        for module in sorted(CORE.rglob("*.py"))
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if PLATFORM.search(line) and module not in FORMS_OF_DATA
    ]
    assert named == []
