"""Adds lines to a hand-written YAML file in place: comments, order and everything else stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import yaml

from bot.yamlfile.writing import scalar

Key = str | int


class Uneditable(Exception):
    """Nothing can be added at this place by adding lines; the message says why."""


def append_items(text: str, path: Sequence[Key], items: Sequence[str]) -> str:
    r"""Return a file with texts appended to one of its lists.

    Args:
        text: The file.
        path: The way to the list from the root: keys, and positions in lists.
        items: The texts.

    Raises:
        Uneditable: There is no such list, or the file uses aliases.

    >>> append_items("a:\n  - one # first\nb: 1\n", ["a"], ["two"])
    'a:\n  - one # first\n  - two\nb: 1\n'
    """
    node = _at(text, path)
    if not isinstance(node, yaml.SequenceNode):
        raise Uneditable("there is no list")
    return _appended(text, node, items)


def append_texts_by_key(
    text: str, path: Sequence[Key], items: Mapping[str, Sequence[str]], own: str
) -> str:
    r"""Return a file with texts appended to lists by language, as examples are written.

    A plain list is that of one language; it becomes the first of several when others are added.

    Args:
        text: The file.
        path: The way to the list, or to the mapping of lists.
        items: The texts by language.
        own: The language of a plain list.

    Raises:
        Uneditable: There is neither, or the file uses aliases.

    >>> append_texts_by_key("a:\n  - one\n", ["a"], {"en": ["two"], "de": ["drei"]}, "en")
    'a:\n  en:\n  - one\n  - two\n  de:\n    - drei\n'
    """
    for language, texts in items.items():
        node = _at(text, path)
        if isinstance(node, yaml.SequenceNode) and language == own:
            text = _appended(text, node, texts)
        elif isinstance(node, yaml.SequenceNode):
            text = _with_language(text, node, own, _column_of_key(text, path))
            text = append_texts_by_key(text, path, {language: texts}, own)
        elif isinstance(node, yaml.MappingNode):
            text = _in_language(text, node, language, texts)
        else:
            raise Uneditable("there is neither a list nor a list for each language")
    return text


def append_block(text: str, path: Sequence[Key], lines: Sequence[str]) -> str:
    """Return a file with an item of several lines appended to a list in block style.

    Args:
        text: The file.
        path: The way to the list.
        lines: The item as it is written in a list that begins in column 3: `  - name: x`.

    Raises:
        Uneditable: There is no such list, or it is written in brackets.
    """
    node = _at(text, path)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
        raise Uneditable("there is no list with an item a line")
    shift = node.start_mark.column - 2
    moved = [" " * shift + line if shift >= 0 else line[-shift:] for line in lines]
    return _after(text, _last_line(node), moved)


def _at(text: str, path: Sequence[Key]) -> yaml.Node:
    """Return the node at a place."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        events = list(yaml.parse(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise Uneditable("the file is not valid YAML") from error
    if any(isinstance(event, yaml.AliasEvent) for event in events):
        raise Uneditable("the file uses aliases: what is added would stand in several places")
    for step in path:
        node = _child(node, step)
        if node is None:
            raise Uneditable(f"there is no {step}")
    if node is None:
        raise Uneditable("the file is empty")
    return node


def _child(node: yaml.Node | None, step: Key) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _column_of_key(text: str, path: Sequence[Key]) -> int:
    parent = _at(text, path[:-1])
    assert isinstance(parent, yaml.MappingNode)  # noqa: S101 - the caller has found its value
    return next(int(key.start_mark.column) for key, _ in parent.value if key.value == path[-1])


def _appended(text: str, node: yaml.SequenceNode, items: Sequence[str]) -> str:
    if node.flow_style:
        return _before_bracket(text, node, ", ".join(_quoted(item) for item in items))
    pad = " " * node.start_mark.column
    return _after(text, _last_line(node), [f"{pad}- {scalar(item)}" for item in items])


def _in_language(text: str, node: yaml.MappingNode, language: str, texts: Sequence[str]) -> str:
    """Append to the list of a language, and begin it where there is none."""
    for key, value in node.value:
        if key.value.lower() == language.lower() and isinstance(value, yaml.SequenceNode):
            return _appended(text, value, texts)
    if node.flow_style:
        listed = ", ".join(_quoted(each) for each in texts)
        return _before_bracket(text, node, f"{scalar(language)}: [{listed}]")
    pad = " " * node.start_mark.column
    lines = [f"{pad}{scalar(language)}:", *(f"{pad}  - {scalar(each)}" for each in texts)]
    return _after(text, _last_line(node), lines)


def _with_language(text: str, node: yaml.SequenceNode, own: str, key_column: int) -> str:
    """Turn a plain list into the list of its language."""
    if node.flow_style:
        begin, end = node.start_mark.index, node.end_mark.index
        return f"{text[:begin]}{{{scalar(own)}: {text[begin:end]}}}{text[end:]}"
    lines = text.splitlines(keepends=True)
    first, last = node.start_mark.line, _last_line(node)
    column = int(node.start_mark.column)
    if column <= key_column:  # a list may begin in the column of its key, but not left of it
        column = key_column + 2
        lines[first : last + 1] = [
            f"  {line}" if line.strip() else line for line in lines[first : last + 1]
        ]
    lines.insert(first, f"{' ' * column}{scalar(own)}:{_line_end(text)}")
    return "".join(lines)


def _last_line(node: yaml.Node) -> int:
    """Return the number of the last line of a value, from 0 on; what follows it is not counted."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(
            _last_line(last[1] if isinstance(last, tuple) else last),
            _last_line(last[0]) if isinstance(last, tuple) else 0,
        )
    end = node.end_mark
    behind = end.column == 0 and end.line > node.start_mark.line
    return int(end.line) - 1 if behind else int(end.line)


def _after(text: str, line: int, added: Sequence[str]) -> str:
    """Insert lines behind one; the file keeps its line ends."""
    lines = text.splitlines(keepends=True)
    end = _line_end(text)
    if lines and not lines[line].endswith(("\n", "\r")):
        lines[line] += end
    lines[line + 1 : line + 1] = [f"{each}{end}" for each in added]
    return "".join(lines)


def _before_bracket(text: str, node: yaml.CollectionNode, added: str) -> str:
    close = node.end_mark.index - 1
    before = text[:close].rstrip()
    gap = "" if before.endswith(("[", "{")) else " " if before.endswith(",") else ", "
    return f"{text[:close]}{gap}{added}{text[close:]}"


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _quoted(text: str) -> str:
    """Write text in double quotes: within brackets, a comma would end a plain value."""
    written = scalar(text)
    return json.dumps(text, ensure_ascii=False) if written == text else written


def position_of(text: str, path: Sequence[Key], key: str, value: str) -> int:
    """Return the position in a list of the mapping with a value.

    Args:
        text: The file.
        path: The way to the list.
        key: Key of the mappings in it.
        value: Of the mapping that is looked for.

    Raises:
        Uneditable: There is none.
    """
    node = _at(text, path)
    for position, each in enumerate(node.value if isinstance(node, yaml.SequenceNode) else ()):
        found = _child(each, key)
        if found is not None and found.value == value:
            return position
    raise Uneditable(f"there is no {value}")
