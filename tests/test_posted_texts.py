"""No sentence that people read stands in an adapter or at the desk: all are in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.answering.wording import BUILT_IN

ROOT = Path(__file__).parents[1]
FILES = [*(ROOT / "adapters").rglob("*.py"), *(ROOT / "bot/staff").rglob("*.py")]
POSTING = {
    "Say",
    "Post",
    "send",
    "send_message",
    "edit_original_response",
    "chat_postMessage",
    "chat_postEphemeral",
    "assistant_threads_setStatus",
    "OwnWords",
}
"""What posts something, or makes what is posted."""


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def constants(tree: ast.AST) -> Mapping[str, str]:
    """Names of a module or a class that stand for one string."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    found[target.id] = node.value.value
    return found


def posted(source: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the sentences that are arguments of what posts, wherever they were given a name."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or called(call) not in POSTING:
            continue
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            for node in ast.walk(argument):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value
                elif isinstance(node, ast.Name | ast.Attribute):
                    text = known.get(node.id if isinstance(node, ast.Name) else node.attr, "")
                else:
                    continue
                if len(text.split()) > 1:
                    yield text


def test_no_adapter_and_nothing_at_the_desk_posts_a_sentence_of_its_own() -> None:
    known: dict[str, str] = {}
    for file in FILES:
        known |= constants(ast.parse(file.read_text("utf-8")))
    found = [
        f"{file.relative_to(ROOT)}: {text}"
        for file in FILES
        for text in posted(file.read_text("utf-8"), known)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "yield Say('Sorry, no.', Visibility.PRIVATE)",
        "await interaction.response.send_message(TRY, ephemeral=True)",
        "await use.edit_original_response(content=self.TRY)",
        "Post(f'Paused: {place} and more')",
    ],
)
def test_a_sentence_that_is_posted_is_found(source: str) -> None:
    assert list(posted(source, {"TRY": "Try again."}))


@pytest.mark.parametrize("key", BUILT_IN)
def test_every_text_is_said_somewhere(key: str) -> None:
    folders = [ROOT / "adapters", ROOT / "bot"]
    sources = {file: file.read_text("utf-8") for each in folders for file in each.rglob("*.py")}
    said = [
        str(file)
        for file, source in sources.items()
        if f'"{key}"' in source and file.name not in {"wording.py", "texts.py", "own_words.py"}
    ]
    assert said
