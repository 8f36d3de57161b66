"""CSV cells that spreadsheets do not evaluate as formulas; reversible.

A spreadsheet evaluates a cell that begins like a formula. A leading apostrophe makes it text.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_COMPUTED = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""Beginnings of formulas, including leading blanks and full-width signs. Leading apostrophes also
match: such a cell gets another one, so that the text can be restored."""


def to_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet evaluates; `from_cell` restores it.

    >>> to_cell("=1+1"), to_cell("1+1"), to_cell("'=1")
    ("'=1+1", '1+1', "''=1")
    """
    return f"'{text}" if _COMPUTED.match(text) else text


def from_cell(cell: str) -> str:
    """Return the original text of a cell.

    >>> from_cell("'=1+1"), from_cell("'tis late")
    ('=1+1', "'tis late")
    """
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell) else cell
