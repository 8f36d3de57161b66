"""What `check` and `doctor` say about products."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.recommendations.checks import check_products, examine_products
from bot.config.schema import Config
from bot.understanding.intents import inspect_intents
from tests.answering.recommendations.shop import FILE

INTENTS = """version: 1
intents:
  - name: find_product
    examples: [I need a jacket, recommend me a tent]
    recommend: {category: jackets, only: {waterproof: true}}
"""


def written(folder: Path, intents: str, catalogue: str | None) -> Config:
    (folder / "shop.yaml").write_text(intents, "utf-8")
    if catalogue is not None:
        (folder / "catalogue.yaml").write_text(catalogue, "utf-8")
    return Config(intents=folder, model=folder / ".frontdesk" / "model")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("category: jackets", "category: jacket", 'category: there is no category "jacket": did'),
        ("{waterproof", "{waterprof", 'waterprof: there is no attribute "waterprof": did you'),
    ],
)
def test_intents_name_categories_and_attributes_that_there_are(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    config = written(tmp_path, INTENTS.replace(old, new), FILE.read_text("utf-8"))
    count, problems = check_products(config, inspect_intents(tmp_path)[0])
    assert count == 10
    assert [said in str(each) for each in problems] == [True] * bool(said)


def test_an_intent_without_products_is_a_mistake(tmp_path: Path) -> None:
    config = written(tmp_path, INTENTS, None)
    _, (problem,) = check_products(config, inspect_intents(tmp_path)[0])
    assert "there are no products: write catalogue.yaml beside the intents" in str(problem)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("price: 139.00", "price: dear", "catalogue.yaml:"),
        ("category: tents", "category: tipis", 'there is no category "tipis"'),
        ("waterproof: true, hood", "watertight: true, hood", 'no attribute "watertight"'),
        ("id: gale", "id: plume", 'another product has the id "plume"'),
        ("stock: 4}", "stock: some}", '"some" is no number'),
        ("currency: EUR", "currency: euro", '"euro" is no currency'),
    ],
)
async def test_mistakes_in_the_catalogue_stand_at_their_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    config = written(tmp_path, INTENTS, FILE.read_text("utf-8").replace(old, new, 1))
    (finding,) = await examine_products(config)
    assert finding.state == "fail"
    assert said in finding.found
    assert "catalogue.yaml:" in finding.found


async def test_doctor_counts_products_and_is_silent_without_any(tmp_path: Path) -> None:
    config = written(tmp_path, INTENTS, FILE.read_text("utf-8"))
    (finding,) = await examine_products(config)
    assert (finding.state, finding.found) == ("ok", "10 products")
    (tmp_path / "catalogue.yaml").unlink()
    assert await examine_products(config) == []
