"""The catalogues of fixed texts: whole, with the same placeholders in every language."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.answering.forms.extraction.vocabulary import VALUES
from bot.answering.safety_texts import DOMAIN
from bot.config.texts import MORE_PLACEHOLDERS, PLACEHOLDERS, TextsConfig
from bot.ports import DangerKind
from bot.text.catalogues import CUES, FOLDER, TEXTS, TextsByName, catalogue, cue_words, languages
from bot.understanding.language.cues import COURTESIES, FILLERS, NUMBER_WORDS, Cue
from bot.understanding.language.denials import NEGATIONS
from bot.understanding.language.tags import canonical
from bot.understanding.language.words import folded_words

LANGUAGES = {"en", "zh", "de", "fr", "es", "it", "nl", "pt-BR", "pl", "ja", "tr"}
SELECTION = ("leans", "exceptions", "warnings", "hazards")
"""Cues in articles."""

ROOT = Path(__file__).parents[2]
FILES = sorted(FOLDER.rglob("*.po"))


def written(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{([^{}]*)\}", text))


def test_there_are_texts_in_eleven_languages() -> None:
    assert set(languages()) == LANGUAGES


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_a_catalogue_has_every_text_and_no_other(tag: str) -> None:
    assert list(catalogue(tag)) == list(catalogue("en"))
    assert set(catalogue(tag)) == TextsConfig.model_fields.keys()


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_a_text_says_something_with_the_placeholders_of_the_english_one(tag: str) -> None:
    for name, english in catalogue("en").items():
        text = catalogue(tag)[name]
        assert text.strip() == text != "", name
        assert placeholders(text) == placeholders(english), name
        assert set(placeholders(text)) <= {*PLACEHOLDERS, *MORE_PLACEHOLDERS.get(name, ())}, name
        assert tag == "en" or text != english, name
        assert re.findall(r"`[^`]*`", text) == re.findall(r"`[^`]*`", english), name


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_catalogue_is_well_formed(file: Path) -> None:
    messages = written(file)
    tag = file.parts[-3]
    assert file.stem in {TEXTS, CUES, DOMAIN, VALUES}
    assert canonical(tag) == tag
    assert messages.locale_identifier == tag.replace("-", "_")
    assert not messages.obsolete
    for message in messages:
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            assert not list(message.check(messages)), message.id
            assert message.auto_comments, f"{message.id} does not say what it is for"
            named = set(re.findall(r"\{(\w+)\}", " ".join(message.auto_comments)))
            used = set(placeholders(str(message.string)))
            assert used <= named or file.stem in (CUES, VALUES), message.id


def test_what_a_text_is_for_is_said_alike_everywhere() -> None:
    purposes = {
        file: {str(each.id): each.auto_comments for each in written(file) if each.id}
        for file in FILES
        if file.stem == TEXTS
    }
    first, *others = purposes.values()
    assert all(other == first for other in others)


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_a_danger_is_answered_in_every_language_with_texts(tag: str) -> None:
    texts, english = catalogue(tag, DOMAIN), catalogue("en", DOMAIN)
    assert set(texts) == {*DangerKind, "told", "not_told", "emergency", "crisis"}
    assert list(texts) == list(english)
    for name, text in texts.items():
        assert text.strip() == text != ""
        assert placeholders(text) == placeholders(english[name])
        assert tag == "en" or text != english[name]


def test_every_language_with_texts_has_greetings() -> None:
    assert cue_words("greetings").keys() >= LANGUAGES
    for words in cue_words("greetings").values():
        assert len(set(words)) == len(words)
        assert all(word.strip() == word != "" for word in words)


@pytest.mark.parametrize("name", [*Cue, FILLERS, NUMBER_WORDS, COURTESIES, NEGATIONS, *SELECTION])
def test_every_language_with_texts_has_each_cue(name: str) -> None:
    assert cue_words(name).keys() == LANGUAGES
    for words in cue_words(name).values():
        assert len(set(words)) == len(words)
        assert all(folded_words(word) and word.strip() == word for word in words)


def test_texts_by_name_are_texts_by_language() -> None:
    texts = TextsByName()
    assert len(texts) == len(catalogue("en"))
    assert {*texts["neither"]} == LANGUAGES
    assert len(texts["neither"]) == len(LANGUAGES)
    with pytest.raises(KeyError):
        texts["nothing"]


def test_a_language_without_a_catalogue_says_nothing() -> None:
    assert catalogue("sv") == {}


def test_one_language_is_read_when_it_is_needed() -> None:
    program = (
        "from bot.text.catalogues import catalogue\n"
        "catalogue('en'), catalogue('en')\n"
        "print(catalogue.cache_info().currsize)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize("name", list(catalogue("en", VALUES)))
def test_every_language_with_texts_has_the_words_of_values(name: str) -> None:
    assert {*languages(VALUES)} == LANGUAGES
    for tag in LANGUAGES:
        words = catalogue(tag, VALUES)[name].splitlines()
        assert len(set(words)) == len(words) > 0, tag
        assert all(word.strip() == word != "" for word in words), tag
