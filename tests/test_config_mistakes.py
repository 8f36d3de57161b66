"""config.yaml: mistakes that would pass for settings, and secrets that must not be printed."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from bot.config.schema import ADAPTERS, load_config
from bot.errors import ConfigError
from tests.test_config import PagerPlugin, refusal, write


def whole(path: Path, section: str) -> object:
    """Read a file with the section of an adapter, or with one of the core."""
    config = load_config(path, {})
    plugins = entry_points(group=ADAPTERS, name=section)
    return [config.adapter_section(plugin.load()) for plugin in plugins]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "responder: {bot: Ann, contct: }",
            '1:23: responder.contct: unknown key: did you mean "con',
        ),
        ("responder: {contct: null}", "1:13: responder.contct: unknown key"),
        ("responder:\n  contct: ~", "2:3: responder.contct: unknown key"),
        ("contct:", "1:1: contct: unknown section"),
        ("retention: {transcript: }", 'did you mean "transcripts"?'),
        (
            "staff: {members: {slack: {chanel: }}}",
            "1:27: staff.members.slack.chanel: unknown key: did you mean",
        ),
        ("staff: {members: {slck: {channel: C0123}}}", 'unknown platform: did you mean "slack"?'),
        ("staff: {members: {slck: }}", 'unknown platform: did you mean "slack"?'),
        ("staff: {slack: {channel: C0123}}", "staff.slack: unknown key"),
    ],
)
def test_an_unknown_key_is_a_mistake_whatever_its_value(
    tmp_path: Path, line: str, said: str
) -> None:
    assert said in refusal(tmp_path, line + "\n")


def test_an_unknown_key_without_a_value_is_a_mistake_in_an_adapters_section(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "terminal: {number: , numbr: }\n"), {})
    with pytest.raises(ConfigError, match=r'numbr: unknown key: did you mean "number"') as caught:
        config.adapter_section(PagerPlugin())
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "classifier: {threshold: 0,9}",
            "1:25: classifier.threshold: a number with a comma: write 0.9: the comma begins",
        ),
        ("classifier: {threshold: 0,85, seed: 1}", "write 0.85"),
        (
            "classifier: {seed: 1, max_wrong: 2,5%}",
            "classifier.max_wrong: a number with a comma",
        ),
        ("classifier: {max_wrong: 2,5 %}", "write 2.5%"),
        (
            "classifier:\n  threshold: 0,9",
            '"0,9" is no threshold: write 0.9',
        ),
        ("classifier:\n  max_wrong: 2,5%", "write 2.5%"),
        ("gpt:\n  timeout: 2,5", '"2,5" is no number: write 2.5'),
        ("retention:\n  transcripts: 1,000", "write 1000"),
        ("retention: {transcripts: 1,000}", "write 1000"),
        ("slack: {timeout: 2,5}\nserve: {poll: 0,5}", "write 0.5"),
    ],
)
def test_a_decimal_comma_is_recognised(tmp_path: Path, line: str, said: str) -> None:
    assert said in refusal(tmp_path, line + "\n")


def test_a_decimal_comma_is_recognised_in_an_adapters_section(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "slack: {timeout: 2,5}\n"), {})
    (plugin,) = entry_points(group=ADAPTERS, name="slack")
    with pytest.raises(ConfigError, match=r"slack\.timeout: a number with a comma: write 2\.5"):
        config.adapter_section(plugin.load())


@pytest.mark.parametrize(
    ("section", "setting"),
    [
        ("slack", "bot_token_env"),
        ("slack", "app_token_env"),
        ("discord", "token_env"),
        ("gpt", "api_key_env"),
    ],
)
@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-abc",
        "hf_AbCdEfGhIjKlMnOpQrStUv",
        "AKIAIOSFODNN7EXAMPLE",
        "0f3a9c1b2d4e5f60718293a4b5c6d7e8",
        "f3a9c1b2d4e5f60718293a4b5c6d7e8f",
        "gsk_4f9a8b7c6d5e4f3a2b1c",
        "correct horse battery staple",
    ],
)
def test_a_secret_in_place_of_its_variables_name_is_refused_and_not_printed(
    tmp_path: Path, section: str, setting: str, secret: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        whole(write(tmp_path, f"{section}: {{{setting}: {secret}}}\n"), section)
    said = str(caught.value)
    assert "the name of the variable" in said or "that variable's name" in said
    assert secret not in said


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "slack_token", "SlackToken", "TOKEN2", "_T"])
def test_names_of_variables_are_let_through(tmp_path: Path, name: str) -> None:
    config = load_config(write(tmp_path, f"gpt: {{api_key_env: {name}}}\n"), {})
    assert config.gpt.api_key_env == name


@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ("gpt: {api_key: hunter2}", "`api_key_env`"),
        ("gpt: {token: hunter2}", "`api_key_env`"),
        ("gpt: {openai_api_key: hunter2}", "`api_key_env`"),
        ("gpt: {api_key: }", "`api_key_env`"),
        ("database_password: hunter2", "the environment"),
        ("api_key: hunter2", "the environment"),
    ],
)
def test_a_setting_for_a_secret_is_not_invited(tmp_path: Path, line: str, variable: str) -> None:
    said = refusal(tmp_path, line + "\n")
    assert "secrets do not stand in this file: delete it, and put the secret into" in said
    assert variable in said
    assert "did you mean" not in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "line",
    [
        "gpt: {sk-proj-abcdefghijklmnop123: }",
        "xoxb-1234567890-abcdef: true",
        "language: {default: xoxb-123-abc}",
        "gpt: {timeout: sk-123}",
        "serve: {publish: xapp-1-A}",
    ],
)
def test_a_secret_in_a_wrong_place_is_not_printed(tmp_path: Path, line: str) -> None:
    secret = next(word for word in re.findall(r"[\w-]+", line) if word[:3] in {"sk-", "xox", "xap"})
    said = refusal(tmp_path, line + "\n")
    assert secret not in said
    assert said.startswith("config.yaml:1:")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "mysql://x",
            '"mysql" is no database that Frontdesk can use: write sqlite:///PATH or',
        ),
        ("mongodb+srv://u:hunter2@h/d", '"mongodb+srv" is no database'),
        ("postgres://u:hunter2@h/d", "begin the address with postgresql://"),
        ("postgresql://u:hunter2@h", "no database is named: write postgresql://USER@HOST/NAME"),
        ("frontdesk.db", "not the address of a database: write sqlite:///PATH"),
        ("sqlite://frontdesk.db", "the path needs a third slash: write sqlite:///PATH"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_the_remedy(
    tmp_path: Path, url: str, said: str
) -> None:
    told = refusal(tmp_path, f"database: {url}\n")
    assert said in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("team", "said"),
    [
        (
            '{channel: "#support"}',
            '"#support" is no id: copy the id, as the platform shows it: at the bottom of the',
        ),
        ("{channel: support}", '"support" is the name of a channel, not its id: copy the id'),
        ("{channel: 客服}", "is the name of a channel, not its id"),
        ("{channel: Staff room}", '"Staff room" is no id'),
        ("{channel: https://acme.slack.com/archives/C0123}", "is no id: copy the id"),
        ('{channel: "<#C0123>"}', "is no id: copy the id"),
        ('{users: ["@anna"]}', '"@anna" is no id'),
        ('{roles: ["@Moderators"]}', '"@Moderators" is no id'),
    ],
)
def test_a_name_in_place_of_an_id_is_refused(tmp_path: Path, team: str, said: str) -> None:
    assert said in refusal(tmp_path, f"staff: {{members: {{slack: {team}}}}}\n")


def test_ids_are_let_through(tmp_path: Path) -> None:
    teams = "slack: {channel: C0123ABC, users: [U0123]}, discord: {channel: 12345}"
    staff = load_config(write(tmp_path, f"staff: {{members: {{{teams}}}}}\n"), {}).staff.members
    assert (staff["slack"].channel, staff["discord"].channel) == ("C0123ABC", "12345")
