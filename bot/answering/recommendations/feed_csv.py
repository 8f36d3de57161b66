"""The rows of a CSV feed as products: rows with the same id are variants of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

NEEDED = ("id", "name", "category", "price")
_PLAIN = ("id", "category", "price", "url")
_TEXTS = ("name", "description", "alt")
_OF_VARIANT = ("sku", "stock")

Row = Mapping[str, str]
Report = Callable[[int, str, str, str], None]
"""Takes line, column, what is wrong, and how to fix it."""


def csv_products(
    text: str, attributes: Collection[str], language: str, report: Report
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each product with its line, in the shape of `catalogue.yaml`.

    Args:
        text: The feed. Columns: id, name, category, price, description, url, picture, alt, sku,
            stock and attributes; `name:de` is the German name. Several values of an attribute are
            separated by `|`.
        attributes: Names of the attributes of the catalogue.
        language: BCP 47 tag of texts without a language.
        report: Takes what is wrong.
    """
    rows = csv.DictReader(io.StringIO(text), dialect=_dialect(text))
    head = list(rows.fieldnames or [])
    if not _is_head(head, attributes, report):
        return
    by_id: dict[str, list[tuple[int, Row]]] = {}
    for row in rows:
        if None in row:
            report(rows.line_num, "", "more cells than columns", "quote cells with commas")
            continue
        filled = {key: value for key, value in row.items() if value}
        by_id.setdefault(filled.get("id", ""), []).append((rows.line_num, filled))
    for group in by_id.values():
        yield group[0][0], _product([row for _, row in group], attributes, language)


def _is_head(head: Sequence[str], attributes: Collection[str], report: Report) -> bool:
    plain = {each.partition(":")[0] for each in head}
    missing = [each for each in NEEDED if each not in plain]
    for each in missing:
        report(1, each, "there is no such column", f"add the column `{each}`")
    known = {*_PLAIN, *_TEXTS, *_OF_VARIANT, "picture", *attributes}
    unknown = [each for each in head if each.partition(":")[0] not in known]
    for each in unknown:
        report(1, each, "no such attribute", "name it in `attributes:` of catalogue.yaml")
    return not (missing or unknown)


def _product(rows: Sequence[Row], attributes: Collection[str], language: str) -> dict[str, Any]:
    first = rows[0]
    varying = {*_OF_VARIANT} | {
        each for each in (*attributes, "price") if len({row.get(each) for row in rows}) > 1
    }
    entry: dict[str, Any] = {key: first[key] for key in _PLAIN if key in first}
    entry["name"] = _by_language(first, "name", language)
    entry["description"] = _by_language(first, "description", language)
    if "picture" in first:
        alt = _by_language(first, "alt", language) or entry["name"]
        entry["picture"] = {"url": first["picture"], "alt": alt}
    entry["attributes"] = {
        key: _listed(first[key]) for key in attributes if key in first and key not in varying
    }
    variants = [{key: _listed(row[key]) for key in row if key in varying} for row in rows]
    entry["variants"] = [each for each in variants if each]
    return entry


def _dialect(text: str) -> type[csv.Dialect]:
    """Return the dialect of a CSV, by what its head is separated with."""
    head = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Found


def _listed(cell: str) -> list[str]:
    return [each.strip() for each in cell.split("|") if each.strip()]


def _by_language(row: Row, name: str, language: str) -> dict[str, str]:
    """Return the texts of the columns `name`, `name:de`, `name:zh` ..."""
    found = {language: row[name]} if name in row else {}
    prefix = f"{name}:"
    return found | {k.removeprefix(prefix): v for k, v in row.items() if k.startswith(prefix)}
