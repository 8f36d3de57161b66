"""Intent files: what is read, exactly as typed, and what comes of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.errors import IntentsError
from bot.understanding.intents import (
    Intent,
    IntentSet,
    inspect_intents,
    intent_file_schema,
    intent_file_schema_text,
    load_intents,
)
from bot.yamlfile import parse, plain, scalar

ROOT = Path(__file__).parents[3]
SIMPLE = """\
version: 1
intents:
  - name: opening_hours
    examples: {examples}
    reply: From 9 to 18.
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def simple(folder: Path, examples: str) -> Intent:
    intents = load_intents(write(folder, hours=SIMPLE.replace("{examples}", examples)))
    return intents.by_name["opening_hours"]


def blocks(path: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)


# --- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["48213", "007", "true", "no", "12:30", "null", "~", "1e3", "0x1F", "2024-05-17", "1_000"],
)
def test_scalars_are_kept_as_they_were_typed(tmp_path: Path, typed: str) -> None:
    intent = simple(tmp_path, f"\n      - {typed}\n      - when are you open")
    assert intent.examples[0].text == typed


@pytest.mark.parametrize("typed", ["48213", "no", "12:30"])
def test_replies_tests_and_titles_are_kept_as_typed_too(tmp_path: Path, typed: str) -> None:
    text = SIMPLE.replace("{examples}", "[when are you open, opening hours]")
    text = text.replace("From 9 to 18.", typed)
    text += f"    title: {typed}\n    tests: [{{say: {typed}, intent: opening_hours}}]\n"
    intents = load_intents(write(tmp_path, hours=text))
    entry = intents.by_name["opening_hours"].entry
    assert entry.reply[0].text == {"en": (typed,)}
    assert entry.title == {"en": typed}
    assert intents.tests[0].say == typed


def test_a_plain_list_is_in_the_default_language(tmp_path: Path) -> None:
    write(tmp_path, hours=SIMPLE.replace("{examples}", "[wann offen, offen?]"))
    intents = load_intents(tmp_path, default_language="de")
    assert {example.language for example in intents.intents[0].examples} == {"de"}
    assert intents.intents[0].entry.reply[0].text == {"de": ("From 9 to 18.",)}
    assert intents.corpus().default_language == "de"


def test_norwegian_is_a_language(tmp_path: Path) -> None:
    intent = simple(tmp_path, "{no: [åpent i dag, når åpner dere], en: [open, hours]}")
    assert [example.language for example in intent.examples] == ["no", "no", "en", "en"]


def test_language_tags_get_their_usual_spelling(tmp_path: Path) -> None:
    intent = simple(tmp_path, "{zh-hans-cn: [几点开门, 营业时间]}")
    assert intent.examples[0].language == "zh-Hans-CN"
    assert intent.examples[0].line == 4


def test_examples_know_their_place(tmp_path: Path) -> None:
    intent = simple(tmp_path, "\n      en:\n        - open?\n        - hours?")
    assert [example.line for example in intent.examples] == [6, 7]
    assert intent.examples[0].path == tmp_path / "hours.yaml"
    assert intent.line == 3


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    text = SIMPLE.replace("{examples}", "[when are you open, opening hours]")
    (tmp_path / "hours.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_intents(tmp_path).intents


def test_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    text = SIMPLE.replace("{examples}", "\n      - when are you open\n      - hours")
    (tmp_path / "hours.yaml").write_bytes(text.replace("\n", "\r\n").encode())
    assert [example.text for example in load_intents(tmp_path).intents[0].examples] == [
        "when are you open",
        "hours",
    ]


def test_hidden_files_and_other_files_are_not_read(tmp_path: Path) -> None:
    simple(tmp_path, "[when are you open, opening hours]")
    (tmp_path / ".draft.yaml").write_text("]")
    (tmp_path / "notes.txt").write_text("]")
    (tmp_path / "catalogue.yaml").write_text("]")
    (tmp_path / "knowledge").mkdir()
    assert len(load_intents(tmp_path).intents) == 1


@pytest.mark.parametrize(
    ("written", "cases"),
    [
        ("Hi!", [{"en": ("Hi!",)}]),
        ("{en: Hi!, zh: 你好}", [{"en": ("Hi!",), "zh": ("你好",)}]),
        ("{en: [Hi!, Hello!]}", [{"en": ("Hi!", "Hello!")}]),
        ("[{text: Hi!}]", [{"en": ("Hi!",)}]),
        ("{text: [Hi!, Hello!]}", [{"en": ("Hi!", "Hello!")}]),
    ],
)
def test_replies_have_short_forms(
    tmp_path: Path, written: str, cases: list[dict[str, tuple[str, ...]]]
) -> None:
    text = SIMPLE.replace("{examples}", "[open, hours]").replace("From 9 to 18.", written)
    entry = load_intents(write(tmp_path, hours=text)).intents[0].entry
    assert [case.text for case in entry.reply] == cases


@pytest.mark.parametrize(
    ("written", "team"), [("true", None), ("billing", "billing"), ("{team: billing}", "billing")]
)
def test_handoff_may_name_a_team(tmp_path: Path, written: str, team: str | None) -> None:
    text = SIMPLE.replace("{examples}", "[open, hours]") + f"    handoff: {written}\n"
    text += "    draft: true\n"
    handoff = load_intents(write(tmp_path, hours=text)).intents[0].entry.handoff
    assert handoff is not None
    assert handoff.team == team


def test_handoff_may_be_false(tmp_path: Path) -> None:
    text = SIMPLE.replace("{examples}", "[open, hours]") + "    handoff: false\n"
    assert load_intents(write(tmp_path, hours=text)).intents[0].entry.handoff is None


def test_the_documented_examples_are_valid(tmp_path: Path) -> None:
    simplest, whole, later = blocks(ROOT / "docs" / "intents.md")
    load_intents(write(tmp_path, hours=simplest))
    intents = load_intents(write(tmp_path, whole=whole, later=later))
    order = intents.by_name["order_status"].entry
    assert order.risk == "personal"
    assert order.not_ == {"en": ("do you ship to Norway?",)}
    form = intents.by_name["size_advice"].entry
    assert list(form.slots["fit"].choices) == ["slim", "regular", "wide"]
    assert form.reply[0].when == {"fit": ("wide",)}


def test_the_shipped_intents_are_valid() -> None:
    intents, problems = inspect_intents(ROOT / "intents")
    assert [str(problem) for problem in problems] == []
    assert intents is not None
    assert len(intents.intents) >= 28


# --- the corpus --------------------------------------------------------------------------------

ORDERS = """\
version: 1
intents:
  - name: order_status
    label: WISMO
    risk: personal
    examples: [where is my order, is my parcel late]
    not: [do you ship to Norway]
    reply: Soon.
"""


def corpus_hash(folder: Path, **files: str) -> str:
    folder.mkdir()
    return load_intents(write(folder, **files)).corpus().hash


def test_the_corpus_holds_what_training_needs(tmp_path: Path) -> None:
    corpus = load_intents(write(tmp_path, orders=ORDERS)).corpus()
    (intent,) = corpus.intents
    assert (intent.name, intent.label, intent.personal) == ("order_status", "WISMO", True)
    assert [example.text for example in intent.near_misses] == ["do you ship to Norway"]
    assert re.fullmatch("[0-9a-f]{64}", corpus.hash)


def test_order_and_names_of_files_and_comments_do_not_change_the_hash(tmp_path: Path) -> None:
    hours = SIMPLE.replace("{examples}", "[open, hours]")
    one = corpus_hash(tmp_path / "1", a=ORDERS, b=hours)
    two = corpus_hash(tmp_path / "2", x=f"# remark\n{hours}", y=ORDERS.replace("[do", "[ do"))
    assert one == two


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("where is my order", "where's my order"),
        ("do you ship to Norway", "do you ship to Sweden"),
        ("personal", "normal"),
        ("WISMO", "WISMO2"),
        ("reply: Soon.", "draft: true"),
        ("reply: Soon.", "reply: Soon.\nout_of_scope: [tell me a joke]"),
        ("reply: Soon.", "reply: Soon.\n    title: Track my order"),
    ],
)
def test_what_could_change_a_decision_changes_the_hash(tmp_path: Path, old: str, new: str) -> None:
    assert old in ORDERS
    before = corpus_hash(tmp_path / "1", a=ORDERS)
    assert corpus_hash(tmp_path / "2", a=ORDERS.replace(old, new)) != before


SHIPPED = {"discord": "Discord", "slack": "Slack", "terminal": "the terminal"}


# --- the schema --------------------------------------------------------------------------------


def test_the_schema_in_docs_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "intents.schema.json").read_text("utf-8")
    assert kept == intent_file_schema_text(SHIPPED), (
        "run: frontdesk schema -o docs/intents.schema.json"
    )


def test_the_schema_accepts_all_that_is_shipped_and_documented() -> None:
    validator = jsonschema.Draft202012Validator(intent_file_schema(SHIPPED))
    shipped = [path.read_text("utf-8") for path in (ROOT / "intents").glob("*.yaml")]
    documented = blocks(ROOT / "docs" / "intents.md")
    texts = [text for text in shipped + documented if "intents:" in text or "scope:" in text]
    assert len(texts) >= 9
    for text in texts:
        validator.validate(json.loads(json.dumps(YAML(typ="safe", pure=True).load(text))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reply: Soon.", "replay: Soon."),
        ("name: order_status", "name: Order status"),
        ("risk: personal", "risk: high"),
        ("version: 1", "version: 2"),
        ("reply: Soon.", "reply: Soon.\n    identity: order_owner"),
        ("reply: Soon.", "reply: Soon.\n    recommend: {tags: [light]}"),
        ("reply: Soon.", "reply: Soon.\n    follow_ups: []"),
        ("reply: Soon.", "reply: [{text: Soon., txt: Soon.}]"),
    ],
)
def test_the_schema_refuses_what_the_check_refuses(old: str, new: str) -> None:
    assert old in ORDERS
    document = YAML(typ="safe", pure=True).load(ORDERS.replace(old, new))
    assert not jsonschema.Draft202012Validator(intent_file_schema(SHIPPED)).is_valid(document)


# --- any text, any bytes -----------------------------------------------------------------------


@given(st.text())
def test_any_text_survives_being_written_and_read(text: str) -> None:
    document = parse(Path("x.yaml"), f"- {scalar(text)}\n- last\n".encode())
    assert document.problems == ()
    assert document.root is not None
    assert plain(document.root) == [text, "last"]


@given(st.text(st.sampled_from("ab \t\n:#-?!&*[]{},|>'\"%@`\\~\u2028\x85\u00a0你"), max_size=20))
def test_yaml_s_own_signs_survive_being_written_and_read(text: str) -> None:
    document = parse(Path("x.yaml"), f"- {scalar(text)}\n".encode())
    assert document.root is not None
    assert plain(document.root) == [text]


def outcome(tmp: Path, data: bytes) -> IntentSet | None:
    (tmp / "x.yaml").write_bytes(data)
    intents, problems = inspect_intents(tmp)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert (intents is None) == bool(errors)
    return intents


PIECES = (
    "version: 1", "intents:", "out_of_scope:", "- ", "name: ", "examples:", "reply: ", "not:",
    "slots:", "tests:", "a", "hello there", "{", "}", "[", "]", ",", ": ", "\n", "\n  ", "\n    ",
    "\n      ", "&x ", "*x", "!!python/object ", "!t ", "| ", "> ", "'", '"', "\\", "#", "---\n",
    "...\n", "\t", "%YAML 1.2\n", "? ", "<<: ", "en", "when:", "text:", "handoff: ", "\x00", "é",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_yaml_gives_intents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    outcome(tmp_path_factory.getbasetemp(), text.encode())


@given(st.binary(max_size=200))
def test_any_bytes_give_intents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    outcome(tmp_path_factory.getbasetemp(), data)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The documented example with a few bytes cut, doubled or replaced."""
    data = bytearray(blocks(ROOT / "docs" / "intents.md")[1].encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(0, 12))
        data[at : at + length] = draw(
            st.sampled_from([b"", b"\n", b" ", b"- ", b": ", b"{", b"[", b'"', b"x", b"~"])
        )
    return bytes(data)


@given(damaged())
def test_a_damaged_file_gives_intents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    outcome(tmp_path_factory.getbasetemp(), data)


def test_errors_are_raised_all_together(tmp_path: Path) -> None:
    write(tmp_path, a="version: 2\nintents: []\n", b="version: 1\nintentions: []\n")
    with pytest.raises(IntentsError) as caught:
        load_intents(tmp_path)
    assert len(caught.value.problems) >= 2
    assert all(problem.severity == "error" for problem in caught.value.problems)
