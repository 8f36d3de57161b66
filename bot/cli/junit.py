"""JUnit XML, which CI systems show: one suite for intent files, one for conversations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from bot.cli.conversation_report import failure_text
from bot.text.control_characters import without_controls

if TYPE_CHECKING:
    from bot.app.conversation_tests.runner import Result
    from bot.publishing.intent_tests import Failure
    from bot.understanding.intents import IntentTest


def write_junit(
    file: Path,
    tests: Sequence[IntentTest],
    failures: Sequence[Failure],
    results: Sequence[Result],
) -> None:
    """Write what was run and what failed."""
    root = Element("testsuites", name="frontdesk")
    _intents(root, tests, failures)
    _conversations(root, results)
    for total in ("tests", "failures"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    indent(root)
    file.parent.mkdir(parents=True, exist_ok=True)
    ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _intents(root: Element, tests: Sequence[IntentTest], failures: Sequence[Failure]) -> None:
    suite = _suite(root, "intents", len(tests), len(failures))
    failed = {(each.test.path, each.test.line, each.test.say): each for each in failures}
    for test in tests:
        case = _case(suite, test.path, test.line, test.say)
        failure = failed.get((test.path, test.line, test.say))
        if failure is not None:
            SubElement(case, "failure", message=_clean(str(failure)))


def _conversations(root: Element, results: Sequence[Result]) -> None:
    failed = sum(bool(result.failures) for result in results)
    suite = _suite(root, "conversations", len(results), failed)
    for result in results:
        case = _case(suite, result.test.path, result.test.line, result.test.entry.name)
        case.set("time", f"{result.seconds:.3f}")
        if not result.failures:
            continue
        first = result.failures[0]
        said = SubElement(case, "failure", message=_clean(f"turn {first.number}: {first.what}"))
        said.text = _clean(
            "\n\n".join(
                f"{result.test.path}:{each.line}: turn {each.number}: {each.what}\n"
                f"{failure_text(each)}"
                for each in result.failures
            )
        )


def _suite(root: Element, name: str, tests: int, failures: int) -> Element:
    return SubElement(root, "testsuite", name=name, tests=str(tests), failures=str(failures))


def _case(suite: Element, path: Path, line: int, name: str) -> Element:
    place = {"classname": str(path), "file": str(path), "line": str(line)}
    return SubElement(suite, "testcase", {"name": _clean(name), **place})


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    kept = "".join(sign for sign in text if not "\ud800" <= sign <= "\udfff")
    return without_controls(kept).replace("\ufffe", "").replace("\uffff", "")
