"""Which languages customers are answered in, and what those that are served lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.generation.prompt import Persona
from bot.answering.language_gaps import language_gaps
from bot.answering.replies import Replies
from bot.answering.served import ServedLanguages
from bot.answering.wording import BUILT_IN, BotWording
from bot.config.schema import Config, load_config
from bot.errors import ConfigError
from bot.understanding.intents import IntentSet, load_intents

INTENTS = """\
version: 1
intents:
  - name: hours
    title: {en: Opening hours, de: Öffnungszeiten}
    examples: {en: [when are you open, opening hours], fr: [vos horaires]}
    reply: {en: From 9 to 6., de: Von 9 bis 18 Uhr.}
  - name: thanks
    examples: [thanks, thank you]
    reply: You are welcome.
  - name: sketch
    examples: [abc, bcd]
    draft: true
"""


def configured(folder: Path, lines: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(lines, encoding="utf-8")
    return load_config(path, {})


def refused(folder: Path, lines: str) -> str:
    with pytest.raises(ConfigError) as error:
        configured(folder, lines)
    return str(error.value).replace(f"{folder}/", "")


@pytest.fixture
def intents(tmp_path: Path) -> IntentSet:
    folder = tmp_path / "intents"
    folder.mkdir()
    (folder / "intents.yaml").write_text(INTENTS, encoding="utf-8")
    return load_intents(folder)


def served(config: Config, intents: IntentSet) -> ServedLanguages:
    languages = ServedLanguages(config.language)
    languages.learn(intents)
    return languages


def gaps(config: Config, intents: IntentSet | None) -> tuple[list[str], list[str]]:
    """Return warnings and remarks."""
    remarks: list[str] = []
    return [str(each) for each in language_gaps(config, intents, remarks)], remarks


def test_the_default_and_what_intents_have_is_served_where_config_says_nothing(
    tmp_path: Path, intents: IntentSet
) -> None:
    languages = served(configured(tmp_path, "language: {default: it}\n"), intents)
    assert languages.tags == {"it", "en", "de", "fr"}


@pytest.mark.parametrize(
    ("language", "answered"),
    [
        ("de", "de"),
        ("de-AT", "de-AT"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("fr", "en"),
        ("sv", "en"),
        ("", "en"),
    ],
)
def test_a_customers_language_becomes_one_that_is_served(
    language: str, answered: str, tmp_path: Path, intents: IntentSet
) -> None:
    config = configured(tmp_path, "language: {served: [de, pt-br]}\n")
    assert served(config, intents).answer_in(language) == answered


def test_who_writes_a_language_that_is_not_served_reads_the_default_one(
    tmp_path: Path, intents: IntentSet
) -> None:
    config = configured(tmp_path, "language: {served: [en]}\nresponder: {contact: me@x}\n")
    languages = served(config, intents)
    wording = BotWording(config.responder, "en", languages)
    replies = Replies(intents, language_default="en", values={}, served=languages)
    answer = replies.answer("hours", language="de", platform="terminal", seed="1")

    assert wording.say("handoff", "de") == BUILT_IN["handoff"]["en"].format(contact="me@x")
    assert answer is not None
    assert answer.markdown == "From 9 to 6."
    assert replies.title("hours", language="de") == "Opening hours"
    assert Persona("Robin", "me@x", served=languages).answers_in("de") == "en"


def test_who_writes_a_language_that_is_served_reads_it(tmp_path: Path, intents: IntentSet) -> None:
    config = configured(tmp_path, "language: {served: [en, de]}\n")
    languages = served(config, intents)
    replies = Replies(intents, language_default="en", values={}, served=languages)
    answer = replies.answer("hours", language="de-CH", platform="terminal", seed="1")

    said = BotWording(config.responder, "en", languages).say("neither", "de-CH")
    assert said == BUILT_IN["neither"]["de"]
    assert answer is not None
    assert answer.markdown == "Von 9 bis 18 Uhr."
    assert Persona("Robin", "me@x", served=languages).answers_in("de-CH") == "de-CH"


def test_new_intents_change_what_is_served(tmp_path: Path, intents: IntentSet) -> None:
    config = configured(tmp_path, "language: {default: en}\n")
    languages = ServedLanguages(config.language)
    wording = BotWording(config.responder, "en", languages)
    assert wording.say("neither", "it") == BUILT_IN["neither"]["it"]  # nothing is known yet
    languages.learn(intents)
    assert wording.say("neither", "it") == BUILT_IN["neither"]["en"]
    assert wording.say("neither", "fr") == BUILT_IN["neither"]["fr"]


def test_words_of_config_are_enough_where_it_does_not_name_what_is_served(
    tmp_path: Path, intents: IntentSet
) -> None:
    texts = "responder: {texts: {neither: {sv: Inget av dem}}}\n"
    config = configured(tmp_path, texts)
    wording = BotWording(config.responder, "en", served(config, intents))
    assert wording.say("neither", "sv") == "Inget av dem"

    named = configured(tmp_path, f"language: {{served: [en, de]}}\n{texts}")
    wording = BotWording(named.responder, "en", served(named, intents))
    assert wording.say("neither", "sv") == BUILT_IN["neither"]["en"]
    warnings, _ = gaps(named, intents)
    assert any(
        "responder.texts.neither.sv: sv is not among `language.served`: nobody reads this: "
        "add sv there, or delete the line" in each
        for each in warnings
    )


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("[en, german]", '"german" is not a language tag: did you mean "de"?'),
        ("[en, pt_BR]", '"pt_BR" is not a language tag: did you mean "pt-BR"?'),
        ("[en, 'no language']", '"no language" is not a language tag'),
        ("[]", "no list of languages: write for example [en, de], or delete the line"),
        ("en", "no list of languages: write for example [en, de], or delete the line"),
        ("[de, DE]", '"de" stands there twice: name it once'),
    ],
)
def test_what_is_no_list_of_languages_is_an_error(lines: str, wrong: str, tmp_path: Path) -> None:
    told = refused(tmp_path, f"language:\n  served: {lines}\n")
    assert told.startswith("config.yaml:2:")
    assert "language.served" in told
    assert wrong in told


def test_a_served_language_without_a_catalogue_is_named_with_the_texts_that_it_lacks(
    tmp_path: Path,
) -> None:
    config = configured(
        tmp_path,
        "language: {served: [en, sv]}\nresponder: {texts: {shortened: {sv: Kort}}}\n",
    )
    ((warning,), remarks) = gaps(config, None)
    assert warning.replace(f"{tmp_path}/", "").startswith(
        "config.yaml:1:20: warning: language.served: no built-in texts in sv, and none of yours "
        "for introduction, clarify, neither, which, slot_too_small and "
    )
    assert "customers read them in en: write `responder: {texts: {introduction: {sv:" in warning
    assert remarks == []


def test_a_language_that_config_words_whole_lacks_no_text(tmp_path: Path) -> None:
    texts = ", ".join(f"{name}: {{sv: Ord}}" for name in BUILT_IN)
    config = configured(
        tmp_path, f"language: {{served: [en, sv]}}\nresponder: {{texts: {{{texts}}}}}\n"
    )
    assert gaps(config, None) == ([], [])


def test_intents_without_reply_or_title_in_a_served_language_are_named(
    tmp_path: Path, intents: IntentSet
) -> None:
    warnings, _ = gaps(configured(tmp_path, "language: {served: [en, de, it]}\n"), intents)
    remedy = "write `reply: {{{}: ...}}`; until then customers read them in en"
    assert [each.split("language.served: ")[1] for each in warnings] == [
        f"no reply in de: thanks: {remedy.format('de')}",
        "no title in de: thanks: write `title: {de: ...}`, for buttons",
        f"no reply in it: hours, thanks: {remedy.format('it')}",
        "no title in it: hours, thanks: write `title: {it: ...}`, for buttons",
    ]


def test_what_nobody_has_named_as_served_is_a_remark_alone(
    tmp_path: Path, intents: IntentSet
) -> None:
    warnings, remarks = gaps(configured(tmp_path, "language: {default: en}\n"), intents)
    assert warnings == []
    assert any(each.startswith("no reply in fr: hours, thanks: ") for each in remarks)
