"""JSON Lines: in and out again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import export_jsonl, import_jsonl
from bot.understanding.exchange.content import is_outside
from bot.understanding.intents import load_intents

texts = st.text(min_size=1, max_size=30).filter(str.strip)
labels = texts.filter(lambda label: not is_outside(label))  # these are exported as out_of_scope


def write(folder: Path, *lines: str) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return path


@given(st.lists(st.tuples(texts, labels), min_size=1, max_size=8))
def test_jsonl_to_yaml_to_jsonl_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("jsonl")
    lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
    import_jsonl(write(folder, *lines), folder / "out")
    written = export_jsonl(load_intents(folder / "out")).split("\n")[:-1]
    read = [json.loads(line) for line in written]
    assert Counter((row["text"], row["label"]) for row in read) == Counter(rows)


def test_the_label_may_be_called_intent(tmp_path: Path) -> None:
    file = write(tmp_path, '{"text": "hi", "intent": "greet"}', "", '{"text": "hey", "label": "b"}')
    assert import_jsonl(file, tmp_path / "out").intents == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "rows.jsonl:2:1: not valid JSON (Expecting property name"),
        ("[1]", "rows.jsonl:2:1: not a JSON object: write {"),
        ('{"text": "a"}', "rows.jsonl:2:1: `text` and `label` must both be texts"),
        ('{"text": 7, "label": "a"}', "`text` and `label` must both be texts"),
        ("[" * 100_000, "rows.jsonl:2:1: not valid JSON (nested too deeply)"),
    ],
)
def test_lines_that_are_no_rows_are_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(IntentsError) as caught:
        import_jsonl(write(tmp_path, '{"text": "a", "label": "b"}', line), tmp_path / "out")
    assert said in str(caught.value)
