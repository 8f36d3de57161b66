"""What must stay true of the tree as a whole."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")])


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {path: length for path, length in lengths.items() if length > 300}


def test_functions_are_short() -> None:
    functions = [
        (path, node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert not [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in functions
        if (node.end_lineno or 0) - node.lineno >= 50
    ]


def test_modules_say_what_they_are_for() -> None:
    assert not [
        path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]


def test_nothing_is_pickled() -> None:
    pattern = re.compile(
        r"^\s*(?:import|from)\s+(?:pickle|joblib|dill|shelve|marshal)\b", re.MULTILINE
    )
    assert not [path for path in MODULES if pattern.search(path.read_text(encoding="utf-8"))]


def test_serving_starts_without_torch_transformers_scikit_learn_and_scipy() -> None:
    program = (
        "import sys, bot.app.build, adapters.slack, adapters.discord, adapters.terminal\n"
        "print(sorted({'torch', 'transformers', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
