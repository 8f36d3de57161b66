"""Masks for code, so that markup is removed only from the text around it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

_OPEN, _CLOSE = "\ue000", "\ue001"
_MASK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_FENCE = re.compile(
    r"(?P<before>(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(?P<fence>`{3,}|~{3,})(?P<info>.*)"
)
_LANGUAGE = re.compile(r"[\w+#.-]+")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w-]+)\}(?P<title>.*)")
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)[^\n]{1,500}?(?<!`)\1(?!`)")
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_BLOCKS = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])

NOTES = (
    "note tip info warning danger caution important hint attention error success question failure "
    "bug example abstract summary quote seealso"
)
"""Kinds of admonitions, as MkDocs, MyST, GitHub and Docusaurus name them."""


class Masks:
    """Code that was replaced by marks.

    >>> masks = Masks()
    >>> masks.put_back(masks.hide("the key `{% a %}`")) == "the key `{% a %}`"
    True
    """

    def __init__(self) -> None:
        self._hidden: list[str] = []

    def hide(self, text: str) -> str:
        """Replace fenced code and code spans; each line of code keeps its indentation."""
        text = text.replace(_OPEN, "").replace(_CLOSE, "")
        lines: list[str] = []
        fence = ""
        directive = False
        for line in text.split("\n"):
            found = _FENCE.match(line)
            if fence:
                closes = found is not None and found["fence"].startswith(fence)
                closes = closes and not found["info"].strip() if found else False
                lines.append(self._of_code(line, directive=directive, closes=closes))
                fence = "" if closes else fence
            elif found and "`" not in found["info"]:
                fence = found["fence"]
                said = _DIRECTIVE.match(found["info"].strip())
                directive = said is not None and said["name"] in (*NOTES.split(), "admonition")
                lines.append(self._opening(found, said if directive else None))
            else:
                lines.append(_SPAN.sub(lambda span: self._mask(_RAW.sub("", span[0])), line))
        return "\n".join(lines)

    def hide_indented(self, text: str, is_open: frozenset[int]) -> str:
        """Replace indented code, but on lines where a component is open: it indents its text."""
        lines = text.split("\n")
        for token in _BLOCKS.parse(text):
            if token.type != "code_block" or token.map is None:
                continue
            for number in range(*token.map):
                if number not in is_open:
                    lines[number] = self._of_code(lines[number])
        return "\n".join(lines)

    def put_back(self, text: str) -> str:
        """Return the text with its code."""
        while _MASK.search(text):
            text = _MASK.sub(lambda mark: self._hidden[int(mark[1])], text)
        return text

    def _mask(self, code: str) -> str:
        self._hidden.append(code)
        return f"{_OPEN}{len(self._hidden) - 1}{_CLOSE}"

    def _of_code(self, line: str, *, directive: bool = False, closes: bool = False) -> str:
        if directive:
            return ":::" if closes else line
        code = line.lstrip()
        indent = line[: len(line) - len(code)]
        code = _RAW.sub("", code)
        return f"{indent}{self._mask(code)}" if code else indent

    def _opening(self, found: re.Match[str], directive: re.Match[str] | None) -> str:
        """Return the first line of a fence: of what follows the language, readers see nothing."""
        if directive is not None:
            return f"{found['before']}:::{directive['name']} {directive['title'].strip()}"
        language = _LANGUAGE.match(found["info"].strip())
        fence = found["fence"] + (language[0] if language else "")
        return f"{found['before']}{self._mask(fence)}"
