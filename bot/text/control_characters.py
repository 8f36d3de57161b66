"""Control characters for terminals and text direction: removed at the last step of printing.

Escape sequences begin with ESC or a C1 control: they move the cursor, rename the window, write to
the clipboard (OSC 52). Bidirectional controls reorder what is read ("Trojan Source").

Source: ECMA-48; Unicode Standard Annex #9; Boucher and Anderson 2021, arXiv:2111.00169.
"""

from __future__ import annotations

import re

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ufff9-\ufffb]")
"""All controls but tab and line feed. Linear: one class of characters, without repetition."""


def without_controls(text: str) -> str:
    r"""Return a text without terminal controls; tabs and line ends stay.

    >>> without_controls("a\x1b]52;c;aGk=\x07b\u202ec\n")
    'a]52;c;aGk=bc\n'
    """
    return _CONTROLS.sub("", text)


def escape_controls(json: str) -> str:
    r"""Return an equivalent JSON document with its control characters escaped.

    >>> escape_controls('"a\x9bb"')
    '"a\\u009bb"'
    """
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
