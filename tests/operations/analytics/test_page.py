"""The page stands alone, says in text what its charts show, and names no person."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks.field.conversation_log import store
from benchmarks.field.conversations import HOURS, period_of
from benchmarks.field.reading import entries
from bot.errors import FrontdeskError
from bot.operations.analytics import Analysis, Courtesies, Period, analyse
from bot.operations.analytics.intervals import share
from bot.operations.analytics.products import ProductFigures
from bot.operations.analytics.report import render, write_page
from bot.storage import Database, open_database
from tests.delivery.support import START

LOG = [each for each in entries("build", "conversations") if each["id"] in {"b05", "b14", "b17"}]


class Tags(HTMLParser):
    """All elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


async def analysed(path: Path) -> Analysis:
    async with await open_database(f"sqlite:///{path}") as database:
        for each in LOG:
            hostile = {"language": "<script>x</script>"} if each["id"] == "b05" else {}
            await store(database, {**each, **hostile})
        period = period_of(LOG)
        return await analyse(
            database, period, courtesies=Courtesies(), hours_of=lambda _team: HOURS
        )


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return asyncio.run(analysed(tmp_path_factory.mktemp("page") / "frontdesk.db"))


def test_nothing_is_loaded_and_nothing_runs(analysis: Analysis) -> None:
    page = Tags(render(analysis, limit=0.3))
    assert not page.named("script", "link", "img", "iframe", "object")
    linked = {each.get("href") or each.get("src") for each in page.named("a", "use", "image")}
    assert linked == {"#tables"}
    assert "url(" not in render(analysis, limit=0.3)
    policy = next(each for each in page.named("meta") if each.get("http-equiv"))
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_each_chart_has_a_title_and_says_its_values(analysis: Analysis) -> None:
    page = Tags(render(analysis, limit=0.3))
    charts = page.named("svg")
    assert len(charts) == 6
    ids = Counter(each["id"] for _, each in page.tags if each.get("id"))
    assert set(ids.values()) == {1}
    for chart in charts:
        assert set((chart["aria-labelledby"] or "").split()) <= set(ids)
    assert "2026-W41: confirmed 1 (100 %), unconfirmed 0 (0 %)" in page.text
    assert "care.md: confirmed 1 (100 %)" in page.text


def test_tables_are_read_by_row_and_column_and_scrolled_with_keys(analysis: Analysis) -> None:
    page = Tags(render(analysis, limit=0.3))
    assert {each.get("scope") for each in page.named("th")} == {"row", "col"}
    regions = [each for each in page.named("div") if each.get("class") == "wide"]
    assert len(regions) == 6
    for each in regions:
        assert (each["tabindex"], each["role"]) == ("0", "region")
        assert each["aria-label"]


def test_values_of_others_are_text(analysis: Analysis) -> None:
    page = render(analysis, limit=0.3)
    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_nobody_is_named(analysis: Analysis) -> None:
    page = render(analysis, limit=0.3)
    assert not re.findall(r"\b(?:b05|b14|b17|U0ANN|U0BOB)\b", page)
    assert "fell apart" not in page


async def test_without_answers_it_says_so(sqlite: Database) -> None:
    nothing = await analyse(sqlite, Period(START, START), courtesies=Courtesies())
    page = Tags(render(nothing, limit=None))
    assert "Nothing was answered in this time." in page.text
    assert not page.named("svg", "table")


async def test_a_page_that_cannot_be_written_is_reported(tmp_path: Path, sqlite: Database) -> None:
    nothing = await analyse(sqlite, Period(START, START), courtesies=Courtesies())
    with pytest.raises(FrontdeskError, match="name another file with --html"):
        write_page(nothing, tmp_path, limit=None)


def test_products_that_were_recommended_have_a_table(analysis: Analysis) -> None:
    assert "by-product" not in render(analysis, limit=None)
    figures = ProductFigures(12, 3, 2, 1, share(3, 12))
    page = render(replace(analysis, products={"<b>squall": figures}), limit=None)
    text = Tags(page).text
    assert "<b>squall" in text
    assert "25 %" in text[text.index("<b>squall") :]
