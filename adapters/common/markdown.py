"""Markdown on its way to a platform: cut to the length that a post may have, or read as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.text.sentences import pieces

SMALLEST_LIMIT = 100  # room for the two fence lines that a cut code block repeats

_FENCE = re.compile(r"[ \t]{0,8}(?P<mark>`{3,8}|~{3,8})(?P<info>[^`\n]{0,32})")
_LINE = re.compile(r"(?<=\n)")
_WORD = re.compile(r"(?<=\s)(?=\S)")

_LINK = re.compile(r"!?\[([^\[\]\n]*+)\]\(([^)\s]{1,2000}+)(?:\s\"[^\"\n]{0,200}\")?\)")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,500})(?<=\S)\*(?![\w*])")

_ESCAPED = re.compile(
    r"(?<!`)(?P<mark>`{1,4})(?!`)[^`\n]{1,500}(?P=mark)(?!`)|\\(?P<sign>[!-/:-@\[-`{-~])"
)
_KEPT_FROM = 0xF500  # signs of private use, which nobody types
_KEPT = re.compile("[\uf521-\uf57e]")
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")

_Level = Callable[[str], list[str]]
"""Splits a text into parts that join to it."""

_TEXT_LEVELS: tuple[_Level, ...] = (_LINE.split, pieces, _WORD.split)
_CODE_LEVELS: tuple[_Level, ...] = (_LINE.split,)


def split_markdown(text: str, limit: int) -> list[str]:
    r"""Cut Markdown into posts that each read well on their own.

    Cuts fall between paragraphs where they can, else between lines, sentences, words. A code
    block that fits into a post is never cut; a longer one is closed at the end of a post and
    opened again, with its language, at the start of the next.

    Args:
        text: Markdown of any length.
        limit: Most characters of a post, at least 100.

    Returns:
        Posts of 1 to `limit` characters, in order; none for blank text.

    Raises:
        ValueError: The limit is too small to repeat the fences of a code block.

    >>> split_markdown("Short enough.", 100)
    ['Short enough.']
    >>> first, second = split_markdown("a" * 60 + "\n\n" + "b" * 60, 100)
    >>> first == "a" * 60, second == "b" * 60
    (True, True)
    """
    if limit < SMALLEST_LIMIT:
        raise ValueError(f"limit is {limit}: at least {SMALLEST_LIMIT} characters are needed")
    posts = _pack(_units(text, limit), limit)
    return [post for post in map(_trim, posts) if post]


def plain_text(markdown: str) -> str:
    r"""Return Markdown as it reads without its marks, for notifications and screen readers.

    >>> plain_text("## Returns\nSend it **back** within [30 days](https://example.com/r).")
    'Returns\nSend it back within 30 days (https://example.com/r).'
    >>> plain_text(r"2\*3\*4 is `a\*`")
    '2*3*4 is a\\*'
    """
    text = _LINK.sub(r"\1 (\2)", _ESCAPED.sub(_kept, markdown))
    text = re.sub(r"(?m)^[ \t]*(?:`{3,8}|~{3,8}).*\n?", "", text)
    text = re.sub(r"(?m)^#{1,6}[ \t]+", "", text)
    text = re.sub(r"(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1", r"\2", text)
    return _KEPT.sub(lambda sign: chr(ord(sign[0]) - _KEPT_FROM), _ITALIC.sub(r"\1", text)).strip()


def _kept(found: re.Match[str]) -> str:
    """Return escaped signs, and those in code, as what stands for them until marks are gone."""
    if found["sign"] is not None:
        return chr(_KEPT_FROM + ord(found["sign"]))
    code = found[0].strip("`")
    return _SIGN.sub(lambda sign: chr(_KEPT_FROM + ord(sign[0])), code)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a code block with its fences.

    Attributes:
        opening: The line that opens a code block; empty for a paragraph.
        mark: What closes the code block.
    """

    text: str
    opening: str = ""
    mark: str = ""


def _blocks(text: str) -> Iterator[_Block]:
    """Tell code blocks from the text around them; a code block left open is closed."""
    plain: list[str] = []
    lines = iter(text.splitlines(keepends=True))
    for line in lines:
        fence = _FENCE.fullmatch(line.rstrip())
        if fence is None:
            plain.append(line)
            continue
        yield from _paragraphs("".join(plain))
        plain.clear()
        yield _code_block(line.rstrip(), fence["mark"], lines)
    yield from _paragraphs("".join(plain))


def _paragraphs(text: str) -> Iterator[_Block]:
    return (_Block(part) for part in re.split(r"(?<=\n)(?=[^\S\n]*\n)", text) if part)


def _code_block(opening: str, mark: str, lines: Iterator[str]) -> _Block:
    """Take lines up to the one that closes the code block."""
    taken = [opening + "\n"]
    for line in lines:
        if _closes(line.strip(), mark):
            break
        taken.append(line)
    body = "".join(taken)
    return _Block(_line(body) + mark + "\n", opening, mark)


def _closes(line: str, mark: str) -> bool:
    return len(line) >= len(mark) and set(line) == {mark[0]}


def _line(text: str) -> str:
    """Return text that ends with its line."""
    return text if text.endswith("\n") else text + "\n"


def _units(text: str, limit: int) -> Iterator[str]:
    """Return the text in parts that each fit into a post and need no cutting."""
    for block in _blocks(text):
        if len(_trim(block.text)) <= limit:
            yield block.text
        elif block.opening:
            yield from _cut_code(block, limit)
        else:
            yield from _cut(block.text, limit, _TEXT_LEVELS)


def _cut_code(block: _Block, limit: int) -> Iterator[str]:
    """Cut a code block between lines, each part with fences of its own."""
    body = block.text[len(block.opening) + 1 : -len(block.mark) - 1]
    room = limit - len(block.opening) - len(block.mark) - 2
    for part in _cut(body, room, _CODE_LEVELS):
        yield f"{block.opening}\n{_line(part)}{block.mark}\n"


def _cut(text: str, limit: int, levels: tuple[_Level, ...]) -> Iterator[str]:
    """Cut text at the coarsest level that makes it fit; between any two characters at last."""
    if len(text.rstrip()) <= limit:
        yield text
    elif not levels:
        yield from (text[start : start + limit] for start in range(0, len(text), limit))
    else:
        parts = levels[0](text)
        yield from _pack((cut for part in parts for cut in _cut(part, limit, levels[1:])), limit)


def _pack(parts: Iterable[str], limit: int) -> Iterator[str]:
    """Join neighbours while they fit."""
    joined = ""
    for part in parts:
        if joined and not _fits(joined, part, limit):
            yield joined
            joined = ""
        joined += part
    yield joined


def _fits(joined: str, part: str, limit: int) -> bool:
    """Return whether a part goes with those before it; blank lines count once they are too many."""
    if len(joined) + len(part) <= limit:
        return True
    return len(joined) <= limit and len(_trim(joined + part)) <= limit


def _trim(piece: str) -> str:
    """Drop blank lines around a piece, but not the indentation of its first line."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", piece).rstrip()
