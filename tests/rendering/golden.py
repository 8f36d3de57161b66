"""What each construct of Markdown becomes on a platform, kept in files.

`FRONTDESK_WRITE_GOLDEN=1 pytest -k test_rendering tests/slack tests/discord` writes them; what
changed is then read in the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

CONSTRUCTS = {path.stem: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.md")}
"""Markdown of each construct, by its name."""


def check(folder: Path, name: str, made: object) -> None:
    """Compare what was made of a construct with what is kept."""
    path = folder / f"{name}.json"
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("FRONTDESK_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path} differs"


def orphans(folder: Path, names: set[str]) -> set[str]:
    """Return the files that no construct needs any more."""
    return {path.stem for path in folder.glob("*.json")} - names
