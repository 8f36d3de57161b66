"""Cells of CSV files that spreadsheets leave alone, and that read back as they were.

A spreadsheet computes a cell that begins like a formula. An apostrophe before it makes it text.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_COMPUTED = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""Beginnings of formulas, full-width signs and blanks before them included; with apostrophes, so
that a cell which has one by itself gets another and comes back whole."""


def to_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet computes; `from_cell` returns the text.

    >>> to_cell("=1+1"), to_cell("1+1"), to_cell("'=1")
    ("'=1+1", '1+1', "''=1")
    """
    return f"'{text}" if _COMPUTED.match(text) else text


def from_cell(cell: str) -> str:
    """Return the text that a cell was made from.

    >>> from_cell("'=1+1"), from_cell("'tis late")
    ('=1+1', "'tis late")
    """
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell) else cell
