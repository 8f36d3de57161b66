"""`doctor`, over a desk that is trained and over what may be wrong with one."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace

import pytest

from tests.answering.generation.test_local import FILE
from tests.cli.command import Frontdesk, Ran
from tests.servers.discord import TOKEN as DISCORD_TOKEN
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import CREATE_PUBLIC_THREADS
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.understanding.tiny import make_bert

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


@pytest.mark.slow
def test_an_encoder_whose_pooling_is_assumed_is_named_after_training(copied: Frontdesk) -> None:
    shutil.rmtree(make_bert(copied.folder / "bare") / "1_Pooling")
    settings = "classifier: {encoder: bare, multilingual: off}\n"
    (copied.folder / "config.yaml").write_text(settings)
    assert "has no 1_Pooling/config.json" in copied("train").err
    report = copied("doctor", "--offline", "--json").json()
    (finding,) = (each for each in report["findings"] if each["about"] == "encoder")
    assert finding["state"] == "warn"
    assert "pooling assumed" in finding["found"]
    assert "add that file" in finding["remedy"]


def test_a_broken_article_is_named_with_its_place(copied: Frontdesk) -> None:
    article = copied.folder / "intents" / "knowledge" / "broken.md"
    article.parent.mkdir(exist_ok=True)
    article.write_text("---\naudiance: internal\n---\n# Title\n\nText.\n")
    ran = copied("doctor", "--offline")
    assert "warn articles: " in ran.out
    assert f"knowledge/{article.name}:2:1: " in ran.out


@pytest.mark.parametrize(
    ("script", "state", "told"),
    [
        ("normal", "ok", "gpt-5-mini at http://127.0.0.1"),
        ("unauthorized", "fail", "Incorrect API key provided: check the key in OPENAI_API_KEY"),
        ("not_found", "fail", 'name a model that the server knows in gpt.model, now "gpt-5-mini"'),
        ("html", "fail", "a stream was expected, text/html"),
    ],
)
async def test_gpt_is_asked_for_a_word(
    copied: Frontdesk, script: str, state: str, told: str
) -> None:
    async with openai_server(script) as server:
        (copied.folder / "config.yaml").write_text(f"gpt: {{base_url: {server.url}}}\n")
        finding = gpt(await asyncio.to_thread(copied, "doctor", "--json"))
    assert server.requests
    assert finding["state"] == state
    assert told in finding["found"]


async def test_a_judge_is_asked_as_well(copied: Frontdesk) -> None:
    async with openai_server("normal", "not_found") as server:
        settings = f"gpt: {{base_url: {server.url}, judge: unheard-of, answers: rephrase}}\n"
        (copied.folder / "config.yaml").write_text(settings)
        finding = gpt(await asyncio.to_thread(copied, "doctor", "--json"))
    assert [request.body["model"] for request in server.requests] == ["gpt-5-mini", "unheard-of"]
    assert finding["state"] == "fail"
    assert 'now "unheard-of"' in finding["found"]


async def test_offline_gpt_is_not_asked(copied: Frontdesk) -> None:
    async with openai_server("unauthorized") as server:
        (copied.folder / "config.yaml").write_text(f"gpt: {{base_url: {server.url}}}\n")
        finding = gpt(await asyncio.to_thread(copied, "doctor", "--offline", "--json"))
    assert finding["state"] == "ok"
    assert not server.requests


@pytest.mark.skipif(not FILE.exists(), reason=f"NO LOCAL GPT at {FILE}: run `make local-gpt`")
def test_a_local_model_that_is_cut_short_is_named(copied: Frontdesk) -> None:
    with FILE.open("rb") as whole:
        (copied.folder / "half.gguf").write_bytes(whole.read(4_000_000))
    (copied.folder / "config.yaml").write_text(
        "gpt: {provider: local, chooser: model, model_path: half.gguf}\n"
    )
    finding = gpt(copied("doctor", "--json"))
    assert finding["state"] == "fail"
    assert "half.gguf cannot be loaded" in finding["found"]
    assert "model is corrupted or incomplete): name another in gpt.model_path" in finding["found"]


@pytest.mark.skipif(not FILE.exists(), reason=f"NO LOCAL GPT at {FILE}: run `make local-gpt`")
def test_a_local_model_is_asked_for_a_word(copied: Frontdesk) -> None:
    lines = f"gpt: {{provider: local, chooser: model, model_path: {FILE}}}\n"
    (copied.folder / "config.yaml").write_text(lines)
    assert gpt(copied("doctor", "--json")) == {
        "about": "gpt",
        "state": "ok",
        "found": f"{FILE} responds",
        "remedy": "",
    }


@pytest.mark.parametrize(
    ("lines", "state", "found"),
    [
        ("{provider: local, model_path: small.gguf}", "warn", "small.gguf is small: the encoder"),
        ("{chooser: ranking}", "ok", "not asked: the encoder ranks the articles' sentences"),
    ],
)
def test_that_the_ranking_takes_the_place_of_gpt_is_said(
    copied: Frontdesk, lines: str, state: str, found: str
) -> None:
    (copied.folder / "small.gguf").write_bytes(b"GGUF")
    (copied.folder / "config.yaml").write_text(f"gpt: {lines}\n")
    finding = gpt(copied("doctor", "--json"))
    assert finding["state"] == state
    assert found in finding["found"]
    assert ("chooser: model" in finding["remedy"]) == (state == "warn")


def gpt(ran: Ran) -> dict[str, str]:
    """Return what `doctor` found about GPT."""
    findings = ran.json()["findings"]
    return next(finding for finding in findings if finding["about"] == "gpt")


async def test_channels_that_config_names_are_checked(copied: Frontdesk) -> None:
    async with SlackServer() as slack:
        (copied.folder / "config.yaml").write_text(
            f"slack:\n  api_url: {slack.api_url}\n  channels: {{C1: {{support: true}}, C3: {{}}}}\n"
            "staff: {members: {slack: {channel: C1}}}\n"
        )
        there = replace(copied, environment={**copied.environment, **TOKENS})
        ran = await asyncio.to_thread(there, "doctor", "--json")
    channels = [
        (finding["state"], finding["found"])
        for finding in ran.json()["findings"]
        if finding["found"].startswith("the channel ")
    ]
    assert channels == [
        ("ok", "the channel C1 can be read"),
        ("fail", "the channel C3: not_in_channel"),
    ]


async def test_the_channel_of_cases_is_checked_for_threads(
    copied: Frontdesk,
) -> None:
    async with DiscordServer() as server:
        channel = server.world.text_channel(denied=CREATE_PUBLIC_THREADS)
        tokens = {**copied.environment, "DISCORD_BOT_TOKEN": DISCORD_TOKEN}
        command = replace(copied, environment=tokens)
        lines = (
            f"discord: {{api_url: {server.api_url}, gateway_url: {server.gateway_url}}}",
            f"staff: {{teams: {{default: {{cases: {{discord: {channel}}}}}}}}}",
        )
        (copied.folder / "config.yaml").write_text("\n".join(lines) + "\n")
        report = (await asyncio.to_thread(command, "doctor", "--json")).json()
    found = [each for each in report["findings"] if "cases channel" in each["about"]]
    assert [each["state"] for each in found] == ["fail"]
    assert "the bot lacks Create Public Threads" in found[0]["found"]
