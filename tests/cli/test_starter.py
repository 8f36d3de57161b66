"""`init` and what a new user does next."""

from __future__ import annotations

from tests.cli.command import Frontdesk


def test_starter_has_config_intents_and_an_article(frontdesk: Frontdesk) -> None:
    ran = frontdesk("init", "mybot")
    assert ran.code == 0
    made = {
        str(path.relative_to(frontdesk.folder))
        for path in (frontdesk.folder / "mybot").rglob("*")
        if path.is_file()
    }
    assert made == {
        "mybot/config.yaml",
        "mybot/intents/shop.yaml",
        "mybot/intents/smalltalk.yaml",
        "mybot/intents/knowledge/shipping.md",
    }
    assert made <= set(ran.out.split())
    assert "next: cd mybot && frontdesk train && frontdesk chat\n" in ran.out


def test_starter_overwrites_nothing(frontdesk: Frontdesk) -> None:
    mine = frontdesk.folder / "intents" / "shop.yaml"
    mine.parent.mkdir()
    mine.write_text("mine")
    ran = frontdesk("init", ".")
    assert ran.code == 1
    assert "intents/shop.yaml: exists already" in ran.err
    assert mine.read_text() == "mine"
    assert not (frontdesk.folder / "config.yaml").exists()


def test_starter_has_no_problems(frontdesk: Frontdesk) -> None:
    assert frontdesk("init", ".").code == 0
    ran = frontdesk("check", "--json")
    assert ran.code == 0
    report = ran.json()
    assert "run `frontdesk train`" in report.pop("remarks")[0]  # meaning needs a model
    assert report == {
        "problems": [],
        "errors": 0,
        "warnings": 0,
        "intents": 6,
        "examples": 48,
        "articles": 1,
    }


def test_starter_passes_its_own_tests(trained: Frontdesk) -> None:
    ran = trained("test")
    assert ran.code == 0, ran.out
    assert ran.out == "1 test, 0 failed\n"


def test_an_example_is_copied_whole_and_has_no_problems(frontdesk: Frontdesk) -> None:
    ran = frontdesk("init", ".", "--example", "community")
    assert ran.code == 0, ran.err
    checked = frontdesk("check", "--json").json()
    assert (checked["errors"], checked["warnings"]) == (0, 0), checked["problems"]
    assert (checked["intents"], checked["articles"]) == (26, 15)


def test_an_example_that_is_not_there_is_wrong_usage(frontdesk: Frontdesk) -> None:
    ran = frontdesk("init", ".", "--example", "comunity")
    assert ran.code == 2
    assert 'did you mean "community"?' in " ".join(ran.err.replace("\u2502", " ").split())
    assert not (frontdesk.folder / "config.yaml").exists()
