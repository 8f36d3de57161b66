"""`frontdesk test`: the tests that stand in the intent files."""

from __future__ import annotations

from bot.cli.options import ConfigOption, JsonOption


def run_tests(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Run the tests of the intent files against the model."""
