"""Where products come from: the catalogue, and feeds with mistakes in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.answering.recommendations.source import KEPT, CatalogueSource
from bot.app.products import ALERT, LiveProducts
from bot.config.recommend import RecommendConfig
from bot.config.schema import Config, load_config
from bot.errors import ConfigError
from tests.answering.recommendations.shop import FILE
from tests.delivery.support import MovableClock

CSV = """id;name;name:de;category;price;color;size;stock;waterproof;picture;alt
mac;Mac jacket;Mac-Jacke;jackets;80;blue;M;3;true;https://example.com/mac.jpg;A blue jacket
mac;Mac jacket;Mac-Jacke;jackets;85;red;L;0;true;;
den;Den tent;;tents;120;;;;;;
"""
JSON = """{"products": [
  {"id": "mac", "name": "Mac jacket", "category": "jackets", "price": 80,
   "variants": [{"sku": "M1", "color": "blue", "stock": 3}]},
  {"id": "den", "name": {"en": "Den tent"}, "category": "tents", "price": 120}
]}
"""
HOUR = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "catalogue.yaml").write_bytes(FILE.read_bytes())
    return tmp_path


def configured(folder: Path, **recommend: object) -> Config:
    path = folder / "config.yaml"
    lines = "".join(f"  {key}: {value}\n" for key, value in recommend.items())
    path.write_text(f"intents: intents\nmodel: .frontdesk/model\nrecommend:\n{lines}", "utf-8")
    return load_config(path, {})


async def problems(folder: Path, content: str) -> list[str]:
    (folder / "feed").write_text(content, "utf-8")
    reading = await CatalogueSource(configured(folder, feed="feed"), MovableClock()).read()
    return [str(each).partition("feed:")[2] for each in reading.problems]


async def test_the_catalogue_beside_the_intents_is_read(folder: Path) -> None:
    reading = await CatalogueSource(Config(intents=folder / "intents"), MovableClock()).read()
    assert reading.catalogue is not None
    assert len(reading.catalogue.products) == 10


@pytest.mark.parametrize("content", [CSV, CSV.replace(";", ","), JSON])
async def test_a_feed_brings_products_and_variants(folder: Path, content: str) -> None:
    (folder / "feed.txt").write_text(content, "utf-8")
    reading = await CatalogueSource(configured(folder, feed="feed.txt"), MovableClock()).read()
    assert reading.problems == ()
    assert reading.catalogue is not None
    mac, den = reading.catalogue.products
    assert mac.variants[0].attributes["color"] == ("blue",)
    assert mac.variants[0].stock == 3
    assert den.price == 120
    assert den.available


async def test_a_csv_has_prices_and_texts_by_variant_and_language(folder: Path) -> None:
    (folder / "feed.csv").write_text(CSV, "utf-8")
    reading = await CatalogueSource(configured(folder, feed="feed.csv"), MovableClock()).read()
    assert reading.catalogue is not None
    mac = reading.catalogue.by_id["mac"]
    assert [mac.price_of(each) for each in mac.variants] == [80, 85]
    assert mac.names == {"en": "Mac jacket", "de": "Mac-Jacke"}
    assert (mac.picture, mac.alt) == ("https://example.com/mac.jpg", {"en": "A blue jacket"})
    assert mac.attributes == {"waterproof": (True,)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("jackets;80", "jackets;dear", "2:1: price: "),
        ("tents;120", "tipis;120", '4:1: category: there is no category "tipis": '),
        ("blue;M;3", "blue;M;many", '2:1: variants.0.stock: "many" is no number: '),
        ("L;0;true", "L;0;perhaps", "waterproof: "),
        ("waterproof", "watertight", "1:1: watertight: no such attribute: "),
        (";price;", ";cost;", "1:1: price: there is no such column: "),
        (CSV, CSV.partition("\n")[0], "no products: "),
        (CSV, '{"products": [\n{"id": "a",}\n]}', "2:1: not valid JSON"),
        (CSV, '[\n\n{"id": "a", "name": "A", "category": "tents"}]', "3:1: price: "),
    ],
)
async def test_mistakes_name_their_line(folder: Path, old: str, new: str, said: str) -> None:
    found = await problems(folder, CSV.replace(old, new))
    assert any(said in f":{each}" or said in each for each in found), found


async def test_the_last_good_feed_is_used_until_the_next_one(folder: Path) -> None:
    config, clock = configured(folder, feed="feed.csv"), MovableClock()
    (folder / "feed.csv").write_text(CSV, "utf-8")
    live = LiveProducts(config, clock)
    await live.refresh()
    (folder / "feed.csv").write_text(CSV.replace("jackets;80", "jackets;dear"), "utf-8")
    await live.refresh()
    again = LiveProducts(config, clock)  # after a restart
    await again.refresh()
    for each in (live, again):
        assert each.catalogue is not None
        assert each.catalogue.by_id["mac"].price == 80
    kept = folder / ".frontdesk" / KEPT
    assert f"{kept.stat().st_mode & 0o777:o}" == "600"


@dataclass
class Told:
    """Remembers alerts."""

    open: dict[str, str] = field(default_factory=dict)

    async def alert(self, kind: str, text: str) -> None:
        self.open[kind] = text

    async def clear(self, kind: str) -> None:
        self.open.pop(kind, None)


@dataclass
class Feed:
    """A server with a feed."""

    url: str = ""
    status: int = 200
    asked: int = 0

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(text=CSV, status=self.status)


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    found = Feed()
    application = web.Application()
    application.router.add_get("/feed", found.answer)
    async with TestServer(application) as server:
        found.url = str(server.make_url("/feed"))
        yield found


async def test_an_address_is_fetched_again_after_its_time(folder: Path, feed: Feed) -> None:
    clock = MovableClock()
    live = LiveProducts(configured(folder, feed=feed.url, refresh=10), clock)
    for minutes, asked in ((0, 1), (9, 1), (2, 2)):
        clock.move(minutes * 60)
        await live.refresh()
        assert feed.asked == asked


async def test_staff_are_told_once_an_address_has_failed_for_long(folder: Path, feed: Feed) -> None:
    clock, told = MovableClock(), Told()
    live = LiveProducts(configured(folder, feed=feed.url, stale_after=3), clock, told)
    await live.refresh()
    feed.status = 503
    (folder / ".frontdesk" / KEPT).unlink()
    for hours, alerted in ((1, False), (3, True)):
        clock.move(hours * HOUR)
        await live.refresh()
        assert (ALERT in told.open) is alerted
    assert live.catalogue is not None
    assert "4 h ago" in told.open[ALERT]
    found = {metric.name: metric.samples[0].value for metric in live.collect()}
    assert found == {"frontdesk_products": 2, "frontdesk_products_age_seconds": 4 * HOUR}
    feed.status = 200
    clock.move(HOUR)
    await live.refresh()
    assert ALERT not in told.open


def test_a_password_in_an_address_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="without a password"):
        configured(folder, feed="https://me:secret@example.com/feed")
    assert RecommendConfig(feed="feed.csv").feed == "feed.csv"
