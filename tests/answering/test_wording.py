"""Every text that the bot says by itself can be put in other words, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.wording import BUILT_IN, BotWording
from bot.config.schema import ResponderConfig, load_config
from bot.config.texts import TextsConfig
from bot.errors import ConfigError

LANGUAGES = (*BUILT_IN["unknown"], "sv")


def configured(folder: Path, lines: str) -> ResponderConfig:
    path = folder / "config.yaml"
    path.write_text(f"responder:\n{lines}", encoding="utf-8")
    return load_config(path, {}).responder


def refused(folder: Path, lines: str) -> str:
    with pytest.raises(ConfigError) as error:
        configured(folder, lines)
    return str(error.value).replace(f"{folder}/", "")


def test_there_is_a_setting_for_every_text_and_no_other() -> None:
    assert TextsConfig.model_fields.keys() == BUILT_IN.keys()


def test_every_text_is_there_in_every_built_in_language() -> None:
    for name, texts in BUILT_IN.items():
        assert texts.keys() == BUILT_IN["unknown"].keys(), name


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_text_can_be_reworded_in_one_language(tag: str, tmp_path: Path) -> None:
    mine = "".join(f'    {name}: {{{tag}: "My {{bot}} {name}"}}\n' for name in BUILT_IN)
    own = configured(tmp_path, f"  contact: me@x\n  texts:\n{mine}")
    worded, built_in = BotWording(own, "en"), BotWording(ResponderConfig(contact="me@x"), "en")

    for name in BUILT_IN:
        assert worded.say(name, tag) == f"My Frontdesk {name}"
        for other in {*LANGUAGES} - {tag}:
            if not (other == "sv" and tag == "en"):  # Swedish reads the default language
                assert worded.say(name, other) == built_in.say(name, other)


def test_a_text_without_a_language_is_of_the_default_language(tmp_path: Path) -> None:
    mine = "".join(f"    {name}: Meines, {name}\n" for name in BUILT_IN)
    worded = BotWording(configured(tmp_path, f"  texts:\n{mine}"), "de")
    built_in = BotWording(ResponderConfig(), "de")

    for name in BUILT_IN:
        assert worded.say(name, "de-AT") == worded.say(name, "sv") == f"Meines, {name}"
        assert worded.say(name, "zh") == built_in.say(name, "zh")


def test_an_unknown_text_is_an_error_with_the_name_that_was_meant(tmp_path: Path) -> None:
    assert refused(tmp_path, "  texts:\n    handof: Hello\n") == (
        'config.yaml:3:5: responder.texts.handof: unknown key: did you mean "handoff"?'
    )


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("handoff: {en: '{contcat}'}", 'no placeholder "{contcat}" here: did you mean "contact"?'),
        ("unknown: '{title}'", 'no placeholder "{title}" here'),
        ("unknown: '  '", "an empty text: write what to say, or delete the line"),
        ("unknown: [a]", "neither a text nor texts by language"),
        ("unknown: {english: a}", '"english" is not a language tag'),
    ],
)
def test_a_text_that_could_not_be_said_is_an_error(lines: str, wrong: str, tmp_path: Path) -> None:
    told = refused(tmp_path, f"  texts:\n    {lines}\n")
    assert told.startswith("config.yaml:3:")
    assert wrong in told


@pytest.mark.parametrize("name", ["introduction", "unknown"])
def test_what_version_0_1_called_otherwise_goes_on_working_and_is_not_said_twice(
    name: str, tmp_path: Path
) -> None:
    old = BotWording(configured(tmp_path, f"  {name}: {{en: Mine}}\n"), "en")
    assert old.say(name, "en") == "Mine"
    both = refused(tmp_path, f"  {name}: Mine\n  texts: {{{name}: Mine}}\n")
    assert f"`responder.{name}` and `responder.texts.{name}` are both set: keep one" in both


def test_an_introduction_that_is_switched_off_stays_so() -> None:
    off = ResponderConfig(introduction=False)
    assert BotWording(off, "en").say("introduction", "en") == ""
