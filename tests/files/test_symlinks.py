"""Folders of articles and intents with links: volumes and releases work, ways out do not."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.answering.knowledge import paths_within, read_articles
from bot.publishing.file_watcher import changes, signature
from bot.publishing.snapshot import Snapshot
from bot.understanding.intents import inspect_intents
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment

__all__ = ["environment"]

ARTICLE = "# Returns\n\nYou have {days} days.\n"
INTENTS = """\
version: 1
intents:
  - name: {name}
    examples: [hello there, hi bot, good morning, good evening, hey you]
    reply: Hello!
"""
REFUSED = "a link that leads out of this folder is not read: replace the link by the file itself"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def read(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the articles with their first passages, and the problems."""
    found = read_articles(folder, "en")
    texts = [(article.name, article.passages[0].text) for article in found.articles]
    return texts, [str(each).removeprefix(f"{folder}/") for each in found.problems]


def config_map(folder: Path, release: str, files: dict[str, str]) -> None:
    """Show files as a volume of Kubernetes does, and swap an earlier set of them at once."""
    for name, text in files.items():
        write(folder / f"..{release}" / name, text)
    (folder / "..data_tmp").symlink_to(f"..{release}")
    (folder / "..data_tmp").replace(folder / "..data")
    for top in {Path(name).parts[0] for name in files}:
        if not (folder / top).is_symlink():
            (folder / top).symlink_to(f"..data/{top}")


def test_a_config_map_is_read_with_its_folders(tmp_path: Path) -> None:
    files = {"a.md": ARTICLE.format(days=30), "eu/b.md": ARTICLE.format(days=60)}
    config_map(tmp_path, "2026_1", files)
    assert read(tmp_path) == (
        [("a.md", "You have 30 days."), ("eu/b.md", "You have 60 days.")],
        [],
    )
    before = signature(paths_within(tmp_path))
    config_map(tmp_path, "2026_2", {name: text.replace("0", "5") for name, text in files.items()})
    assert signature(paths_within(tmp_path)) != before
    assert read(tmp_path)[0] == [("a.md", "You have 35 days."), ("eu/b.md", "You have 65 days.")]


def test_a_folder_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    write(tmp_path / "releases" / "7" / "a.md", ARTICLE.format(days=7))
    (tmp_path / "current").symlink_to("releases/7")
    assert read(tmp_path / "current") == ([("a.md", "You have 7 days.")], [])


def test_a_link_to_another_article_inside_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.md", ARTICLE.format(days=7))
    (tmp_path / "b.md").symlink_to("a.md")
    assert [name for name, _ in read(tmp_path)[0]] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    "target", ["../.env", "../other/secret.md", "{root}/.env", "../knowledge-2/x.md", ".env"]
)
def test_a_link_to_a_file_outside_is_refused(tmp_path: Path, target: str) -> None:
    for name in (".env", "other/secret.md", "knowledge-2/x.md", "knowledge/.env"):
        write(tmp_path / name, "SLACK_BOT_TOKEN=hush\n")
    folder = tmp_path / "knowledge"
    write(folder / "a.md", ARTICLE.format(days=7))
    (folder / "faq.md").symlink_to(target.format(root=tmp_path))
    texts, problems = read(folder)
    assert texts == [("a.md", "You have 7 days.")]
    (problem,) = problems
    assert problem.startswith(f"faq.md: {REFUSED}")
    assert not read_articles(folder, "en").keeps("faq.md")  # an earlier index may hold it


def test_a_chain_of_links_that_ends_outside_is_refused(tmp_path: Path) -> None:
    write(tmp_path / ".env", "TOKEN=hush\n")
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / ".hop").symlink_to("../.env")
    (folder / "faq.md").symlink_to(".hop")
    texts, problems = read(folder)
    assert not texts
    assert problems[0].startswith(f"faq.md: {REFUSED}")


def test_a_link_to_a_folder_outside_is_refused_and_told(tmp_path: Path) -> None:
    write(tmp_path / "private" / "salaries.md", ARTICLE.format(days=1))
    folder = tmp_path / "knowledge"
    write(folder / "a.md", ARTICLE.format(days=7))
    (folder / "more").symlink_to("../private")
    texts, problems = read(folder)
    assert [name for name, _ in texts] == ["a.md"]
    assert problems[0].startswith(f"more: {REFUSED}")


def test_links_that_go_round_inside_a_hidden_folder_end(tmp_path: Path) -> None:
    config_map(tmp_path, "2026_1", {"eu/b.md": ARTICLE.format(days=60)})
    (tmp_path / "..2026_1" / "eu" / "again").symlink_to("..")
    assert read(tmp_path)[0] == [("eu/b.md", "You have 60 days.")]


@pytest.mark.parametrize("name", ["_defaults.yaml", "a.txt.yaml"])
def test_what_says_who_may_read_an_article_withholds_it_from_outside(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path / "public.yaml", "audience: public\n")
    folder = tmp_path / "knowledge"
    write(folder / "a.txt", "Returns\n\nYou have 7 days.\n")
    (folder / name).symlink_to("../public.yaml")
    texts, problems = read(folder)
    assert not texts
    assert problems[0].startswith(f"{name}: {REFUSED}")
    assert not read_articles(folder, "en").keeps("a.txt")


def test_intents_of_a_config_map_and_of_a_release_are_read(tmp_path: Path) -> None:
    config_map(tmp_path / "volume", "2026_1", {"hello.yaml": INTENTS.format(name="hello")})
    (tmp_path / "current").symlink_to("volume")
    for folder in (tmp_path / "volume", tmp_path / "current"):
        found, problems = inspect_intents(folder, default_language="en")
        assert found is not None
        assert [intent.name for intent in found.intents] == ["hello"]
        assert not [each for each in problems if each.severity == "error"]
        assert set(Snapshot.of(folder).files) == {"hello.yaml"}


def test_an_intent_file_from_outside_is_refused_and_in_no_snapshot(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere.yaml", INTENTS.format(name="stranger"))
    folder = tmp_path / "intents"
    write(folder / "hello.yaml", INTENTS.format(name="hello"))
    (folder / "more.yaml").symlink_to("../elsewhere.yaml")
    _, problems = inspect_intents(folder, default_language="en")
    (problem,) = [str(each) for each in problems if each.severity == "error"]
    assert problem.startswith(f"{folder}/more.yaml: {REFUSED}")
    assert set(Snapshot.of(folder).files) == {"hello.yaml"}


def test_check_names_the_links_that_lead_out(tmp_path: Path, environment: dict[str, str]) -> None:
    write(tmp_path / "config.yaml", "intents: intents\n")
    write(tmp_path / ".env", "TOKEN=hush\n")
    write(tmp_path / "intents" / "hello.yaml", INTENTS.format(name="hello"))
    write(tmp_path / "intents" / "knowledge" / "a.md", ARTICLE.format(days=7))
    (tmp_path / "intents" / "knowledge" / "faq.md").symlink_to("../../.env")
    (tmp_path / "intents" / "more.yaml").symlink_to("../.env")
    ran = Frontdesk(tmp_path, environment)("check")
    assert ran.code == 1
    assert f"intents/knowledge/faq.md: {REFUSED}" in ran.out
    assert f"intents/more.yaml: {REFUSED}" in ran.out
    assert "hush" not in ran.out + ran.err


async def test_the_watcher_notices_a_swap_of_the_link_and_edits_behind_it(tmp_path: Path) -> None:
    for release in ("7", "8"):
        write(tmp_path / "releases" / release / "a.md", ARTICLE.format(days=release))
    current = tmp_path / "current"
    current.symlink_to("releases/7")
    watching = changes(lambda: signature(paths_within(current)), [current], poll=0.2)
    async with aclosing(watching):
        await anext(watching)
        (tmp_path / "next").symlink_to("releases/8")
        (tmp_path / "next").replace(current)
        async with asyncio.timeout(20):
            await anext(watching)
            assert read(current)[0] == [("a.md", "You have 8 days.")]
            write(current / "b.md", ARTICLE.format(days=88))
            await anext(watching)
    assert [name for name, _ in read(current)[0]] == ["a.md", "b.md"]


async def test_the_watcher_notices_a_new_release_of_a_config_map(tmp_path: Path) -> None:
    config_map(tmp_path, "2026_1", {"eu/b.md": ARTICLE.format(days=60)})
    watching = changes(lambda: signature(paths_within(tmp_path)), [tmp_path], poll=0.2)
    async with aclosing(watching), asyncio.timeout(20):
        await anext(watching)
        config_map(tmp_path, "2026_2", {"eu/b.md": ARTICLE.format(days=90)})
        await anext(watching)
    assert read(tmp_path)[0] == [("eu/b.md", "You have 90 days.")]
