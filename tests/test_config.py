"""config.yaml: what is read, what is refused, and that every setting is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from bot.config.schema import ADAPTERS, Config, load_config
from bot.config.types import Section
from bot.errors import ConfigError
from bot.ports import Adapter
from bot.understanding.model.thresholds import Policy

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config.example.yaml"


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(write(folder, text), {})
    return str(caught.value).replace(f"{folder}/", "")


def test_without_a_file_all_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config(None, {}) == Config()


def test_config_yaml_of_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "intents: shop\n")
    monkeypatch.chdir(tmp_path)
    assert load_config(None, {}).intents == Path("shop")


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "serve: {concurrency: 3}\n")
    assert load_config(None, {"FRONTDESK_CONFIG": str(path)}).serve.concurrency == 3


def test_a_file_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        load_config(tmp_path / "nowhere.yaml", {})


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    config = load_config(
        write(
            tmp_path,
            "intents: a\nmodel: /b\nknowledge: {path: c}\nclassifier: {encoder: encoder}\n"
            "database: sqlite:///d.db\n",
        ),
        {},
    )
    assert config.intents == tmp_path / "a"
    assert config.model == Path("/b")
    assert config.knowledge.path == tmp_path / "c"
    assert config.classifier.encoder == str(tmp_path / "encoder")
    assert config.database == f"sqlite:///{tmp_path}/d.db"


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/d.db", "sqlite:///:memory:", "sqlite://", "postgresql://h/d"]
)
def test_other_database_urls_stay_as_they_are(tmp_path: Path, url: str) -> None:
    assert load_config(write(tmp_path, f'database: "{url}"\n'), {}).database == url


def test_an_encoder_that_is_no_folder_is_left_alone(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "classifier: {encoder: bert-base-uncased}\n"), {})
    assert config.classifier.encoder == "bert-base-uncased"


def test_off_needs_no_quotes(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "classifier: {multilingual: off}\n"), {})
    assert config.classifier.multilingual == "off"


def test_empty_values_mean_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, "responder:\nclassifier:\n  threshold:\n  seed: null\n")
    assert load_config(path, {}).classifier == Config().classifier


def test_wordings_may_be_text_languages_or_switched_off(tmp_path: Path) -> None:
    off = load_config(write(tmp_path, "responder: {introduction: false}\n"), {})
    assert off.responder.introduction is False
    text = load_config(write(tmp_path, 'responder: {introduction: "no"}\n'), {})
    assert text.responder.introduction == "no"
    languages = load_config(write(tmp_path, "responder: {unknown: {no: Vet ikke}}\n"), {})
    assert languages.responder.unknown == {"no": "Vet ikke"}


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ("threshold: careful", Policy("careful")),
        ("threshold: 0.8", Policy(0.8)),
        ("max_wrong: 5%", Policy(max_wrong=0.05)),
        ("max_wrong: 2.5 %", Policy(max_wrong=0.025)),
        ("max_wrong: 0.1", Policy(max_wrong=0.1)),
        ("seed: 1", Policy()),
    ],
)
def test_how_sure_the_bot_must_be_may_be_a_word_a_number_or_a_promise(
    tmp_path: Path, written: str, policy: Policy
) -> None:
    config = load_config(write(tmp_path, f"classifier:\n  {written}\n"), {})
    assert config.classifier.policy == policy


@pytest.mark.parametrize("written", ["1.5", "nan", "bold", "true", "[1]"])
def test_threshold_that_is_none_is_refused_with_the_remedy(tmp_path: Path, written: str) -> None:
    said = refusal(tmp_path, f"classifier: {{threshold: {written}}}\n")
    assert "write balanced, careful, or a confidence from 0 to 1" in said


@pytest.mark.parametrize("written", ["0", "100%", "5 of 100", "-1%", "nan", "5"])
def test_promise_that_is_no_share_is_refused_with_the_remedy(tmp_path: Path, written: str) -> None:
    said = refusal(tmp_path, f"classifier: {{max_wrong: {written}}}\n")
    assert "classifier.max_wrong" in said
    assert "write for example 5%" in said


def test_every_mistake_is_reported_at_once_with_place_and_remedy(tmp_path: Path) -> None:
    text = (
        "intent: shop\n"
        "classifier:\n"
        "  treshold: 0.5\n"
        "  seed: many\n"
        "gpt: {max_tokens: 0}\n"
        "language: {default: english}\n"
        "responder: {introduction: [hi]}\n"
        "serve: 5\n"
    )
    number = "write a number, without a unit"
    wording = "neither a text nor texts by language: write `en: ...` lines below it"
    assert refusal(tmp_path, text).splitlines() == [
        'config.yaml:1:1: intent: unknown section: did you mean "intents"?',
        'config.yaml:3:3: classifier.treshold: unknown key: did you mean "threshold"?',
        f'config.yaml:4:9: classifier.seed: "many" is no whole number: {number}',
        'config.yaml:5:19: gpt.max_tokens: "0" is not allowed: it must be greater than 0',
        'config.yaml:6:21: language.default: "english" is not a language tag: did you mean "en"?',
        f"config.yaml:7:27: responder.introduction: {wording}",
        "config.yaml:8:8: serve: text where a mapping is expected: write `key: value` lines",
    ]


@pytest.mark.parametrize(
    ("written", "limit"),
    [("100/hour", "100/hour"), ("2 per 5 minute", "2 per 5 minute"), ("", "300/minute")],
)
def test_a_rate_is_read_as_it_is_spoken(tmp_path: Path, written: str, limit: str) -> None:
    path = write(tmp_path, f"serve: {{rate_limit: {written}}}\n")
    assert load_config(path, {}).serve.rate_limit == limit


def test_the_rate_limit_can_be_switched_off(tmp_path: Path) -> None:
    path = write(tmp_path, "serve: {rate_limit: false}\n")
    assert load_config(path, {}).serve.rate_limit is False


@pytest.mark.parametrize("written", ["20", "fast", "0/minute", "1/second; 5/minute", "off"])
def test_what_is_no_rate_is_refused_with_an_example(tmp_path: Path, written: str) -> None:
    said = refusal(tmp_path, f"serve: {{rate_limit: {written}}}\n")
    assert f'"{written}" is no rate: write for example 20/minute' in said


def test_a_list_is_no_configuration(tmp_path: Path) -> None:
    assert "a list where a mapping is expected" in refusal(tmp_path, "- intents\n")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("slack: {bot_token_env: xoxb-1234567890-abcdef}", "a Slack token"),
        ("slack: {app_token_env: xapp-1-A111-222-abcdef}", "a Slack token"),
        ("gpt: {api_key_env: sk-proj-abcdefghijklmnop123}", "an API key"),
        ("gpt: {timeout: sk-proj-abcdefghijklmnop123}", "an API key"),
        (f"discord: {{token_env: {'M' * 26}.{'a' * 6}.{'b' * 38}}}", "a Discord token"),
    ],
)
def test_a_pasted_secret_is_refused_and_not_repeated(tmp_path: Path, line: str, kind: str) -> None:
    said = refusal(tmp_path, line + "\n")
    secret = line.rpartition(": ")[2].strip("}")
    assert f"{kind} in the file" in said
    assert "environment variable" in said
    assert secret not in said


def test_a_key_of_unknown_form_is_no_variable_name(tmp_path: Path) -> None:
    said = refusal(tmp_path, "gpt: {api_key_env: hf-9281/abc}\n")
    assert "not the name of an environment variable" in said


class PagerConfig(Section):
    """Of an adapter that a third party could bring."""

    number: Annotated[int, Field(gt=0)] = 112
    """Whom to page."""


class PagerPlugin:
    """Calls itself like an installed adapter, so that its section is let through."""

    name = "terminal"
    config_model: type[object] = PagerConfig

    def build(self, section: object, environment: Mapping[str, str]) -> Adapter:
        raise NotImplementedError


def test_an_adapters_section_is_checked_by_its_own_model(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "terminal: {number: 7}\n"), {})
    assert config.adapter_section(PagerPlugin()) == PagerConfig(number=7)


def test_an_adapters_empty_section_switches_it_on(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "terminal:\n"), {})
    assert config.adapter_section(PagerPlugin()) == PagerConfig()


def test_an_adapter_without_a_section_is_off(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "slack:\n"), {}).adapter_section(PagerPlugin()) is None
    assert Config().adapter_section(PagerPlugin()) is None


def test_mistakes_in_an_adapters_section_have_a_place(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "terminal:\n  numbr: 1\n  number: 0\n"), {})
    with pytest.raises(ConfigError) as caught:
        config.adapter_section(PagerPlugin())
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        'config.yaml:2:3: terminal.numbr: unknown key: did you mean "number"?',
        'config.yaml:3:11: terminal.number: "0" is not allowed: it must be greater than 0',
    ]


# --- config.example.yaml and docs/configuration.md ---------------------------------------------


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every setting of a model by its full name; sections count by what is in them."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if field.exclude or not field.repr:
            continue
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def adapter_models() -> dict[str, type[BaseModel]]:
    plugins = {entry.name: entry.load() for entry in entry_points(group=ADAPTERS)}
    return {name: plugin.config_model for name, plugin in plugins.items()}


ALL_SETTINGS = [
    *settings(Config),
    *(each for name, model in adapter_models().items() for each in settings(model, f"{name}.")),
]


def uncommented(text: str) -> str:
    """Switch the adapters' sections on."""
    return re.sub(r"^# (?=(?:\w+:$| {2}))", "", text, flags=re.MULTILINE)


def test_the_example_says_what_holds_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert load_config(Path("config.example.yaml"), {}).model_dump() == Config().model_dump()


def test_the_example_shows_the_defaults_of_all_adapters(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, uncommented(EXAMPLE.read_text("utf-8"))), {})
    for entry in entry_points(group=ADAPTERS):
        plugin = entry.load()
        assert config.adapter_section(plugin) == plugin.config_model()


def test_every_setting_stands_in_the_example_under_a_comment() -> None:
    lines = uncommented(EXAMPLE.read_text("utf-8")).splitlines()
    missing, bare = [], []
    for setting, _ in ALL_SETTINGS:
        section, _, key = setting.rpartition(".")
        start, indent = -1, ""
        for name in section.split(".") if section else ():
            start = lines.index(f"{indent}{name}:", start + 1)
            indent += "  "
        place = next(
            (n for n, line in enumerate(lines) if n > start and line.startswith(f"{indent}{key}:")),
            None,
        )
        if place is None:
            missing.append(setting)
        elif not lines[place - 1].startswith(f"{indent}#"):
            bare.append(setting)
    assert not missing, f"missing in config.example.yaml: {missing}"
    assert not bare, f"without a comment above it: {bare}"


def test_every_setting_stands_in_the_documentation() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert [setting for setting, _ in ALL_SETTINGS if f"`{setting}`" not in text] == []


def test_every_setting_has_a_docstring() -> None:
    assert [setting for setting, field in ALL_SETTINGS if not field.description] == []
