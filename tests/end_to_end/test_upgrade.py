"""A new version of Frontdesk over the database of the one before."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from bot.config.schema import Config
from tests.end_to_end.test_model_servers import IN_ARTICLE
from tests.servers.openai import openai_server

ROOT = Path(__file__).parents[2]


async def ask(config: Path, code: Path) -> str:
    """Ask a desk that runs some code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.end_to_end.asking_process", str(config), IN_ARTICLE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{code}{os.pathsep}{ROOT}", "PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode()


async def test_what_an_earlier_guard_let_through_is_not_given_again(
    trained: Config, tmp_path: Path
) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(ROOT / "bot", newer / "bot")
    guard = newer / "bot" / "answering" / "grounding" / "guard.py"
    guard.write_text(f"{guard.read_text()}\n# mended\n")
    config = tmp_path / "config.yaml"
    async with openai_server(answer="[1]") as gpt:
        config.write_text(
            f"intents: {trained.intents}\nmodel: {trained.model}\n"
            f"database: sqlite:///{tmp_path}/desk.db\ngpt: {{base_url: {gpt.url}}}\n"
        )
        first = await ask(config, ROOT)
        assert "9 euro a day" in first
        assert await ask(config, ROOT) == first
        assert len(gpt.requests) == 1
        assert await ask(config, newer) == first
        assert len(gpt.requests) == 2
