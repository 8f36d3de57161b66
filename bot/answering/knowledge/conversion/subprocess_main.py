"""The child process: one file comes in on stdin, one JSON document goes out on stdout.

    python -m bot.answering.knowledge.conversion.subprocess_main html < page.html

It limits its own memory and processor time before it looks at the file.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict

from bot.answering.knowledge.conversion.result import LARGEST_TEXT, Converted, Unreadable


def main(kind: str, memory: int, seconds: int) -> None:
    """Convert what comes in, within limits, and write the result."""
    converter = _converter(kind)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_CORE, 0)
    data = sys.stdin.buffer.read()
    try:
        document = asdict(_bounded(converter(data)))
    except Unreadable as error:
        document = {
            "wrong": error.wrong,
            "remedy": error.remedy,
            "line": error.line,
            "column": error.column,
        }
    except MemoryError:
        document = {"wrong": "takes too much memory", "remedy": "split or simplify it"}
    except RecursionError:
        document = {"wrong": "nested too deeply", "remedy": "simplify it"}
    sys.stdout.buffer.write(json.dumps(document).encode())


def _converter(kind: str) -> Callable[[bytes], Converted]:
    """Import the one converter that is needed."""
    if kind == "html":
        from bot.answering.knowledge.conversion.html import convert
    elif kind == "pdf":
        from bot.answering.knowledge.conversion.pdf import convert
    else:
        from bot.answering.knowledge.conversion.docx import convert
    return convert


def _bounded(converted: Converted) -> Converted:
    if len(converted.markdown) > LARGEST_TEXT:
        raise Unreadable(f"more than {LARGEST_TEXT:,} characters of text", "split the article")
    return converted


def _limit(which: int, most: int) -> None:
    """Lower a limit, where the system supports it and it is not lower already."""
    _, hard = resource.getrlimit(which)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (wanted, hard))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
