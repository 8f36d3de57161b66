"""Where growing Markdown can be cut: what stands before the cut will not change any more."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def split_finished(markdown: str) -> tuple[str, str]:
    r"""Cut behind the last block that is finished.

    A block is finished when a blank line follows it and then a line that is not indented (an
    indented one may continue a list); code blocks are kept whole.

    Args:
        markdown: What has come so far.

    Returns:
        The finished blocks, possibly empty, and the rest; joined they are the input.

    >>> split_finished("Hello.\n\nHow can I")
    ('Hello.\n\n', 'How can I')
    >>> split_finished("1. one\n\n   more of it")
    ('', '1. one\n\n   more of it')
    """
    cut = position = 0
    fence = ""
    blank = False
    for line in markdown.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if blank and not fence and line.strip() and not line.startswith((" ", "\t")):
            cut = position
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        blank = not line.strip()
        position += len(line)
    return markdown[:cut], markdown[cut:]
