"""Articles with credentials in them are withheld until somebody has looked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answering.knowledge import ArticleFolder, read_articles
from bot.privacy import find
from bot.text.credentials import credentials_in, is_example
from bot.understanding.intents import inspect_intents
from bot.yamlfile.secrets import secret_in
from tests.answering.knowledge.papers import pdf

# In pieces, so that no scanner takes this file for a leak.
TOKENS = {
    "a Slack token": "xoxb-" + "123456789012-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx",
    "a Slack webhook": "https://hooks.slack.com/services/" + "T024F/B0AB/" + "a1B2" * 6,
    "a Discord token": "M" * 24 + "." + "GxYz12" + "." + "a1B2" * 9,
    "a Discord webhook": "https://discord.com/api/webhooks/" + "1" * 18 + "/" + "aB-3" * 17,
    "an API key": "sk-proj-" + "a1B2c3D4" * 6,
    "a Stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a GitLab token": "glpat-" + "a1B2c" * 4,
    "an AWS key": "AKIA" + "IOSFODNN7EXAMPLE",
    "a Google key": "AIza" + "SyA-bC1dE2" * 3 + "fGhIj",
    "an npm token": "npm_" + "a1B2" * 9,
    "a SendGrid key": "SG." + "a1B2c3D4e5F6g7H8i9J0kL" + "." + "a1B2" * 10 + "x_y",
    "a Telegram token": "123456789:AA" + "a1B2-" * 6 + "xyz",
    "a Shopify token": "shpat_" + "0a1b" * 8,
    "a Hugging Face token": "hf_" + "aBcDe" * 7,
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
}
EXAMPLES = (
    "xoxb-your-bot-token",
    "sk-your-openai-api-key-here",
    "sk-" + "x" * 40,
    "ghp_" + "X" * 36,
    "https://hooks.slack.com/services/" + "T00000000/B00000000/" + "X" * 24,
)


def read(folder: Path, text: str, name: str = "setup.md") -> ArticleFolder:
    (folder / name).write_text(text, "utf-8")
    return read_articles(folder, "en")


@pytest.mark.parametrize("kind", TOKENS)
def test_article_with_a_credential_is_withheld_with_a_warning_at_its_place(
    tmp_path: Path, kind: str
) -> None:
    head = "---\ntitle: Setup\n---\n"
    reading = read(tmp_path, f"{head}# Setup\n\nFree.\n\nUse the key {TOKENS[kind]} here.\n")
    assert not reading.articles
    assert not reading.keeps("setup.md")  # an earlier index may hold it
    (problem,) = reading.problems
    assert (problem.severity, problem.line, problem.column) == ("warning", 8, 13)
    assert str(problem).startswith(f"{tmp_path}/setup.md:8:13: warning: {kind}, so the article is")
    assert TOKENS[kind] not in str(problem)


def test_the_head_of_an_article_lifts_it(tmp_path: Path) -> None:
    token = TOKENS["an AWS key"]
    reading = read(tmp_path, f"---\nsecrets: ok\n---\n# Setup\n\nUse {token}.\n")
    assert [article.name for article in reading.articles] == ["setup.md"]
    assert not reading.problems


@pytest.mark.parametrize("value", ["yes", "OK!", "[ok]"])
def test_anything_but_ok_lifts_nothing(tmp_path: Path, value: str) -> None:
    reading = read(tmp_path, f"---\nsecrets: {value}\n---\n# Setup\n\nUse it.\n")
    assert not reading.articles
    assert reading.problems[0].key.startswith("secrets")


def test_a_folder_cannot_lift_it_for_all_its_articles(tmp_path: Path) -> None:
    (tmp_path / "_defaults.yaml").write_text("secrets: ok\n")
    assert not read(tmp_path, f"# Setup\n\nUse {TOKENS['an AWS key']}.\n").articles


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_only_shows_the_form_is_no_credential(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, f"# Setup\n\nPaste `{text}` into the field.\n")
    assert len(reading.articles) == 1


@pytest.mark.parametrize(
    "written",
    [
        "```\nkey={}\n```",
        "[hook](https://shop.example/?key={})",
        "| key |\n| --- |\n| {} |",
        "{escaped}",
        "{split}",
    ],
)
def test_it_is_found_however_it_is_written(tmp_path: Path, written: str) -> None:
    token = TOKENS["a GitHub token"]
    text = written.replace("{escaped}", token.replace("_", "\\_"))
    text = text.replace("{split}", f"{token[:9]}\u200b{token[9:]}").replace("{}", token)
    reading = read(tmp_path, f"# Setup\n\n{text}\n")
    assert not reading.articles
    assert len(reading.problems) == 1


def test_titles_pages_and_other_formats_are_looked_through(tmp_path: Path) -> None:
    token = TOKENS["a GitHub token"]
    (tmp_path / "a.md").write_text(f"---\ntitle: The key {token}\n---\nText.\n")
    (tmp_path / "b.html").write_text(f"<h1>B</h1>\n<p>Use {token}</p>\n")
    (tmp_path / "c.pdf").write_bytes(pdf([("Title", "C"), ("Normal", f"Use {token} now.")]))
    (tmp_path / "c.pdf.yaml").write_text("title: C\n")
    reading = read_articles(tmp_path, "en")
    assert not reading.articles
    assert not reading.conversions  # nor is it kept with the model
    told = [
        str(problem).removeprefix(f"{tmp_path}/").split(": a G")[0] for problem in reading.problems
    ]
    assert told == ["a.md: warning: title", "b.html:2:5: warning", "c.pdf: warning: page 1"]


@pytest.mark.parametrize("kind", TOKENS)
def test_config_messages_and_articles_have_one_definition(kind: str) -> None:
    token = TOKENS[kind]
    assert [found.kind for found in credentials_in(f"use {token} now")] == [kind]
    assert not is_example(token)
    assert secret_in(token) == kind
    assert [span.type for span in find(f"use {token} now")][:1] == ["SECRET"]


@pytest.mark.parametrize(
    "reply", ["Use {}.", "{{en: 'Use {}.', de: Nein}}", "[{{text: 'Use {}.'}}]"]
)
def test_a_credential_in_a_reply_is_pointed_out(tmp_path: Path, reply: str) -> None:
    (tmp_path / "x.yaml").write_text(
        "version: 1\nintents:\n  - name: setup\n"
        "    examples: [set it up, how to set up, setup please, help me set up, start setup]\n"
        f"    reply: {reply.format(TOKENS['a GitHub token'])}\n"
    )
    intents, problems = inspect_intents(tmp_path, default_language="en")
    assert intents is not None
    (told,) = [str(each) for each in problems if "GitHub" in str(each)]
    place = rf"{tmp_path}/x.yaml:5:\d+: warning: setup.reply: "
    assert re.match(place + "contains a GitHub token", told)
    assert TOKENS["a GitHub token"] not in told
