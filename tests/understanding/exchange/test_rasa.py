"""Rasa training data: what comes over, what is listed, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import ImportReport, export_rasa, import_jsonl, import_rasa
from bot.understanding.exchange.files import normalised
from bot.understanding.intents import IntentSet, inspect_intents, load_intents

NLU = """\
version: "3.1"
nlu:
- intent: order_status
  examples: |
    - where is my order
    - where is [48213](number)
    - is the [small](size) one in [Bern]{"entity": "city", "role": "to"} yet
- intent: faq/opening hours
  examples:
  - text: |
      are you open today
    metadata: {sentiment: neutral}
  - text: opening hours
- regex: number
  examples: |
    - \\d{5}
- regex: city
  examples: |
    - (?=B)\\w+
- lookup: size
  examples: |
    - small
    - large, or so
- lookup: colour
  examples: |
    - red
- synonym: small
  examples: |
    - little
    - tiny
responses:
  utter_greet:
  - text: Hi
"""


def taken_in(folder: Path, text: str) -> ImportReport:
    (folder / "nlu.yml").write_text(text)
    return import_rasa(folder / "nlu.yml", folder / "out")


def taught(folder: Path) -> IntentSet:
    _, problems = inspect_intents(folder / "out")
    assert not [problem for problem in problems if problem.severity == "error"]
    return load_intents(folder / "out")


def test_examples_come_over_without_their_annotations(tmp_path: Path) -> None:
    report = taken_in(tmp_path, NLU)
    assert (report.intents, report.examples) == (2, 5)
    assert report.renamed == {"faq/opening hours": "faq_opening_hours"}
    first, second = taught(tmp_path).intents
    assert [example.text for example in first.examples] == [
        "where is my order",
        "where is 48213",
        "is the small one in Bern yet",
    ]
    assert [example.text for example in second.examples] == ["are you open today", "opening hours"]
    assert second.entry.label == "faq/opening hours"
    assert second.entry.draft


def test_annotated_entities_become_slots(tmp_path: Path) -> None:
    taken_in(tmp_path, NLU)
    slots = taught(tmp_path).by_name["order_status"].entry.slots
    assert (slots["number"].type, slots["number"].pattern) == ("pattern", r"\d{5}")
    assert slots["size"].type == "choice"
    assert list(slots["size"].choices) == ["small", "large, or so"]
    assert slots["city"].type == "text"


def test_what_cannot_be_carried_over_is_listed(tmp_path: Path) -> None:
    remarks = "\n".join(taken_in(tmp_path, NLU).remarks()).replace(f"{tmp_path}/", "")
    assert "roles of entities, left out: 1 (city (nlu.yml:7))" in remarks
    assert "synonyms, left out: 1 (small (little, tiny))" in remarks
    assert "lookups without an annotated entity, left out: 1 (colour)" in remarks
    assert r"regexes that are not valid RE2, left out: 1 (city: (?=B)\w+)" in remarks
    assert "responses that no rule or story uses, left out: 1 (utter_greet)" in remarks


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("to [Bern](city)", "to Bern"),
        ("to [Bern](city:BRN)", "to Bern"),
        ('to [Bern]{"entity": "city", "value": "BRN"}', "to Bern"),
        ('[Bern][{"entity": "city"}, {"entity": "place"}]', "Bern"),
        ("[a](x) and [b](x)", "a and b"),
        ("[Bern]{not json}", "Bern"),
        ("a [note] in brackets (here)", "a [note] in brackets (here)"),
    ],
)
def test_every_form_of_annotation(tmp_path: Path, written: str, text: str) -> None:
    taken_in(tmp_path, f"nlu:\n- intent: a\n  examples: |\n    - {written}\n    - other\n")
    assert taught(tmp_path).intents[0].examples[0].text == text


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    data = tmp_path / "data" / "nlu"
    data.mkdir(parents=True)
    for name in ("greet", "bye"):
        (data / f"{name}.yml").write_text(f"nlu:\n- intent: {name}\n  examples: |\n    - {name}\n")
    (tmp_path / "data" / "stories.yml").write_text("stories:\n- story: a\n  steps: []\n")
    report = import_rasa(tmp_path / "data", tmp_path / "out")
    assert report.intents == 2
    assert report.left_out == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stories: []\n", "no `nlu:` with examples of intents: name the folder of a Rasa project"),
        ("nlu: [\n", "nlu.yml:2:1: not YAML"),
        ("", "nlu.yml"),
    ],
)
def test_what_is_no_training_data_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(IntentsError) as caught:
        taken_in(tmp_path, text)
    assert said in str(caught.value)


texts = st.text(min_size=1, max_size=20).filter(
    lambda text: text.strip() == text and not set(text) & set("[]")
)


examples = st.lists(texts, min_size=1, max_size=3, unique_by=normalised)  # repeated: left out


@settings(max_examples=50)
@given(st.dictionaries(texts, examples, min_size=1, max_size=3))
def test_what_is_exported_can_be_imported(
    tmp_path_factory: pytest.TempPathFactory, intents: dict[str, list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("rasa")
    rows = [f"{json.dumps({'text': t, 'label': n})}\n" for n, ts in intents.items() for t in ts]
    (folder / "rows.jsonl").write_text("".join(rows))
    import_jsonl(folder / "rows.jsonl", folder / "first")
    (folder / "nlu.yml").write_text(export_rasa(load_intents(folder / "first")), encoding="utf-8")
    import_rasa(folder / "nlu.yml", folder / "second")
    assert load_intents(folder / "second").corpus().hash == (
        load_intents(folder / "first").corpus().hash
    )
