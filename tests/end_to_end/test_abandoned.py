"""An answer that is left before its end leaves nothing on stderr, and no connection open."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.config.schema import Config
from tests.servers.openai import openai_server

ANSWER = "A tent for two costs 9 euro a day to rent. A tent for four costs 14 euro a day. Bye."


@pytest.mark.parametrize(("how", "printed"), [("leave", "Say"), ("close", "1"), ("cancel", "canc")])
async def test_an_abandoned_answer_prints_nothing(
    trained: Config, tmp_path: Path, how: str, printed: str
) -> None:
    config = tmp_path / "config.yaml"
    folders = f"intents: {trained.intents}\nmodel: {trained.model}\n"
    config.write_text(f"{folders}responder: {{introduction: false}}\n")
    async with openai_server("hang_midway", answer=ANSWER) as gpt:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.end_to_end.abandoning_process"),
            *(str(config), gpt.url, how),
            env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()

    assert err.decode() == ""
    assert process.returncode == 0
    assert out.decode().splitlines()[-1].startswith(printed)
    assert len(gpt.requests) == 1
