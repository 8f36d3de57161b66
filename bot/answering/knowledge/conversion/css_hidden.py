"""CSS declarations that hide an element."""

from __future__ import annotations

import re

_HIDES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:[a-z%;]|$)|opacity:0(?:\.0*)?(?:;|$)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}"
    r"|clip:rect\(0|clip-path:inset\((?:50|100)%|transform:scale\(0|(?:max-)?(?:height|width):0(?:[a-z%;]|$)"
)
_COLOURS = re.compile(r"(?<![-\w])(color|background|background-color):([^;!]+)")


def hides(declarations: str) -> bool:
    """Return whether declarations of a style sheet hide an element from a reader.

    >>> hides("color: red; Display: None"), hides("color:red;background:red"), hides("top: 2px")
    (True, True, False)
    """
    style = "".join(declarations.lower().split())
    colours = {name.partition("-")[0]: value for name, value in _COLOURS.findall(style)}
    same = "color" in colours and colours["color"] == colours.get("background")
    return same or _HIDES.search(style) is not None
