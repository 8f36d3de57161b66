"""The README's promises that a test can keep: its commands, and the files it shows."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.schema import load_config
from bot.understanding.intents import load_intents

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
YAML_BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def console(heading: str) -> list[str]:
    """The commands of a section."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\$ (.+)$", section, re.MULTILINE)


def test_the_commands_for_an_own_bot_work_in_order(tmp_path: Path) -> None:
    folder = tmp_path
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = console("Your own bot in five minutes")
    assert len(commands) >= 5
    for command in commands:
        words = shlex.split(command)
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        done = subprocess.run(  # noqa: S603 - the README's own commands
            words,
            cwd=folder,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_the_intent_file_that_is_shown_is_sound(tmp_path: Path) -> None:
    (shown,) = (block for block in YAML_BLOCKS if "intents:" in block)
    (tmp_path / "hours.yaml").write_text(shown, encoding="utf-8")
    assert set(load_intents(tmp_path).by_name) == {"opening_hours", "speak_to_human"}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 130


def test_the_picture_is_what_the_example_shop_answers() -> None:
    path = ROOT / "docs" / "chat_picture.py"
    spec = importlib.util.spec_from_file_location("chat_picture", path)
    assert spec is not None
    assert spec.loader is not None
    picture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)

    assert picture.draw() == picture.PICTURE.read_text(encoding="utf-8"), f"run python {path}"


def test_the_config_that_is_shown_switches_both_platforms_on(tmp_path: Path) -> None:
    (shown,) = (block for block in YAML_BLOCKS if "slack:" in block)
    path = tmp_path / "config.yaml"
    path.write_text(shown, encoding="utf-8")
    assert set(load_config(path, {}).adapters) == {"slack", "discord"}


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=str)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
