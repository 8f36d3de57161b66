"""A minimal SVG writer: elements with attributes, escaped by the standard library."""

from __future__ import annotations

from typing import TypeAlias
from xml.etree import ElementTree as ET

Attribute: TypeAlias = str | float


class Drawing:
    """A picture that scales with the page, with a text alternative.

    Args:
        width, height: Size of the view box.
        title: Title, for screen readers.
        description: Description of the content, for screen readers.
        name: Prefix of its ids, unique on the page.
    """

    def __init__(
        self, width: float, height: float, title: str, description: str, name: str
    ) -> None:
        self._root = ET.Element(
            "svg",
            {
                "viewBox": f"0 0 {width:g} {height:g}",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-description",
                "style": f"max-width: {width:g}px",
            },
        )
        ET.SubElement(self._root, "title", {"id": f"{name}-title"}).text = title
        ET.SubElement(self._root, "desc", {"id": f"{name}-description"}).text = description

    def add(self, tag: str, *, text: str = "", tip: str = "", **attributes: Attribute) -> None:
        """Add an element; `_` in attribute names is replaced by `-`.

        Args:
            tag: Tag name.
            text: Text content.
            tip: Tooltip.
            attributes: Attributes; numbers are rounded to two decimals.
        """
        written = {
            name.rstrip("_").replace("_", "-"): _short(value) for name, value in attributes.items()
        }
        element = ET.SubElement(self._root, tag, written)
        if tip:
            ET.SubElement(element, "title").text = tip
        elif text:
            element.text = text

    def __str__(self) -> str:
        """Return the markup, to be embedded in HTML."""
        return ET.tostring(self._root, encoding="unicode")


def _short(value: Attribute) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
