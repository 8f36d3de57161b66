"""What `frontdesk check` finds in intent files: each mistake with its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.intents import inspect_intents
from bot.yamlfile import MAX_BYTES

SOUND = """\
version: 1
intents:
  - name: order_status
    title: Track my order
    examples:
      - where is my order
      - is my parcel late
      - when will it arrive
      - any news of my delivery
      - track my parcel
    reply: Soon.
  - name: refund_status
    title: My refund
    examples:
      - where is my money
      - when do I get my refund
      - has my refund been made
      - refund not here yet
      - how long do refunds take
    reply: In five days.
"""
ACTIONS = "version: 1\nactions: {get_order: {url: https://example.com, returns: [eta, status]}}\n"
CATALOGUE = """\
version: 1
products:
  - {sku: T1, name: Tent, category: tents, price: 9, currency: EUR, tags: [solo]}
"""


def found(folder: Path, **files: str | bytes) -> list[str]:
    """Check a folder of files; problems without the folder in their paths."""
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.yaml").write_bytes(data)
    intents, problems = inspect_intents(folder)
    assert (intents is None) == any(problem.severity == "error" for problem in problems)
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def changed(folder: Path, *changes: tuple[str, str], **files: str | bytes) -> list[str]:
    """Check the sound file after some changes."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return found(folder, shop=text, **files)


def test_a_sound_file_has_no_problems(tmp_path: Path) -> None:
    assert changed(tmp_path) == []


# --- the folder and the file -------------------------------------------------------------------


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    _, (problem,) = inspect_intents(tmp_path / "nowhere")
    assert str(problem).endswith(
        "nowhere: there is no such folder: run `frontdesk init`, or name your folder of intents in"
        " config.yaml (`intents:`)"
    )


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "intents").write_text("")
    _, (problem,) = inspect_intents(tmp_path / "intents")
    assert problem.wrong == "this is no folder"


def test_a_folder_without_intent_files(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, catalogue=CATALOGUE)
    assert "no intent file (*.yaml) in this folder: write one" in problem


def test_files_without_intents(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, outside="version: 1\nout_of_scope: [tell me a joke]\n")
    assert "no file teaches an intent" in problem


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "\ufeff"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, a=text) == [
        "a.yaml: the file is empty: write something into it, or delete it"
    ]


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, a="version: 1\n") == [
        "a.yaml:1:1: the file teaches nothing: add `intents:` or `out_of_scope:`"
    ]


def test_a_file_above_the_limit_is_refused_with_the_limit_named(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, big=b"#" * 10_000_000)
    assert problem == (
        f"big.yaml: 10,000,000 bytes, more than the limit of {MAX_BYTES:,}: "
        "split it into several files"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SOUND.encode("utf-16"), "a.yaml: the encoding is UTF-16: save the file as UTF-8"),
        (SOUND.encode("utf-32"), "a.yaml: the encoding is UTF-32: save the file as UTF-8"),
        (SOUND.encode("utf-16-le"), "a.yaml: the encoding is UTF-16 or UTF-32, or the file is no"),
        (
            SOUND.replace("late", "vérloren").encode("latin-1"),
            "a.yaml:7:23: not UTF-8 (byte 0xE9), probably Latin-1 or Windows-1252: save the file",
        ),
    ],
)
def test_other_encodings_are_named(tmp_path: Path, data: bytes, said: str) -> None:
    (problem,) = found(tmp_path, a=data)
    assert problem.startswith(said)


def test_every_control_character_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, a="version: 1\n# \x00\n#  \x1b\n") == [
        "a.yaml:2:3: the control character U+0000: delete it",
        "a.yaml:3:4: the control character U+001B: delete it",
    ]


# --- YAML --------------------------------------------------------------------------------------


def test_every_tab_is_named(tmp_path: Path) -> None:
    text = "version: 1\nintents:\n\t- name: a\n\t  reply: b\n"
    remedy = "indent with spaces; YAML does not take tabs"
    assert found(tmp_path, a=text) == [f"a.yaml:{n}:1: a tab: {remedy}" for n in (3, 4)]


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("- order: where: is it", 'put text that holds ": " in quotes'),
        ("- @support where is it", "put text that starts with this sign in quotes"),
        ('- "where is it', "close the quotes that begin here"),
        ("- [where is it", "close the bracket that opens here"),
        ('- "where" is it', "needs quotes around the whole of it"),
        (r'- "C:\where"', "use single quotes"),
        ("- *where* is it", "put text that starts with * in quotes"),
        ("- &where& is it", "put text that starts with & in quotes"),
        ("- |where is it", "put text that starts with | or > in quotes"),
        ("where: it\n     is: there", "indent it like its neighbours"),
        ("- !important where is it", "put text that starts with ! in quotes"),
        ("- {a}: where is it", "put text that starts with { or [ in quotes"),
        ("- a: 1\n        a: 2", "keep one of them"),
        ("---\n- b", "keep one in a file"),
    ],
)
def test_yaml_mistakes_have_a_remedy(tmp_path: Path, line: str, remedy: str) -> None:
    text = f"version: 1\nintents:\n  - name: a\n    examples:\n      {line}\n"
    problems = found(tmp_path, a=text if "---" not in line else f"a\n{line}\n")
    assert any(remedy in problem for problem in problems), problems
    assert problems[0].startswith("a.yaml:")


def test_aliases_work_within_reason(tmp_path: Path) -> None:
    assert changed(tmp_path, ("reply: Soon.", "reply: &r Soon."), ("In five days.", "*r")) == []


def test_a_billion_laughs_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (problem,) = found(tmp_path, a="\n".join(lines))
    assert "aliases repeat more than 100,000 values: write them out" in problem


def test_an_alias_to_itself_is_refused(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, a="a: &a [*a]\n")
    assert problem.startswith("a.yaml:1:8: *a stands for nothing")


@pytest.mark.parametrize("brackets", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(tmp_path: Path, brackets: str) -> None:
    (problem,) = found(tmp_path, a=brackets * 5_000)
    assert "nested deeper than 32 levels" in problem


def test_tags_run_nothing(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, a=f"!!python/object/apply:os.mkdir [{tmp_path}/made]\n")
    assert "the tag tag:yaml.org,2002:python/object/apply:os.mkdir: delete it" in problem
    assert not (tmp_path / "made").exists()


# --- keys and values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("examples:", "exmaples:", '5:5: order_status.exmaples: unknown key: did you mean "ex'),
        ("version: 1\n", "", "1:1: version: is missing: add `version: 1`"),
        ("version: 1", "version: 2", '1:10: version: version "2" is not known: write `version: 1`'),
        ("name: order_status", "nam: order_status", "3:5: intents[1].name: is missing: add `name:"),
        ("name: order_status", "name: Order Status", 'did you mean "order_status"?'),
        ("reply: Soon.", "reply:", "11:11: order_status.reply: nothing is written here: write"),
        ("reply: Soon.", 'reply: " "', "11:12: order_status.reply: the text is empty"),
        (
            "reply: Soon.",
            "reply: Soon.\n    risk: private",
            '"private" is not known: known are nor',
        ),
        ("reply: Soon.", "reply: Soon.\n    risk: persnal", 'did you mean "personal"?'),
        ("reply: Soon.", "reply: Soon.\n    draft: maybe", '"maybe" is neither true nor false'),
        ("reply: Soon.", "reply: [Soon., Now.]", "a list of texts: write variants by language"),
        ("reply: Soon.", "reply: {english: Soon.}", 'no language tag: did you mean "en"?'),
        ("reply: Soon.", "reply: {cn: 马上}", '"cn" is no language tag: did you mean "zh"?'),
        (
            "reply: Soon.",
            "reply: [{txt: Soon.}]",
            "order_status.reply[1].txt: unknown key: did you",
        ),
        (
            "- where is my order",
            "- Help: where is it",
            "6:9: order_status.examples[1]: a mapping w",
        ),
        ("- where is my order", "-", "6:8: order_status.examples[1]: nothing is written here"),
        ("- where is my order", '- ""', "6:9: order_status.examples[1]: the text is empty"),
        ("title: Track my order", "tests: [{say: hi}]", "neither `intent` nor `not`: write one of"),
        (
            "title: Track my order",
            "tests: [{say: hi, intent: order_status, not: order_status}]",
            "order_status.tests[1]: `intent` and `not`: write one of the two",
        ),
        ("title: Track my order", "slots: {n: {type: number, pattern: a}}", "without `type: patt"),
        (
            "title: Track my order",
            "slots: {n: {type: choice}}",
            "without `choices`: add `choices:`",
        ),
    ],
)
def test_mistakes_in_a_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = changed(tmp_path, (old, new))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"'(\d{5}'", "missing )"),
        (r"'(?=order)\d+'", "invalid perl operator: (?="),
        (r"'(\d)\1'", "invalid escape sequence"),
        (r"'\d{1000}{1000}'", "bad repetition operator"),
    ],
)
def test_bad_regular_expressions(tmp_path: Path, pattern: str, said: str) -> None:
    slots = f"slots: {{n: {{type: pattern, pattern: {pattern}}}}}"
    (problem,) = changed(tmp_path, ("title: Track my order", slots))
    assert problem.startswith("shop.yaml:4:")
    assert "order_status.slots.n.pattern: not a regular expression that can be used: " in problem
    assert said in problem


def test_every_mistake_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    problems = found(
        tmp_path,
        a="version: 1\nintents:\n\t- name: a\n",
        b=SOUND.replace("examples:", "exmaples:"),
        c="version: 1\nintents:\n  - {name: c, examples: [one], reply: '{nme}', action: x}\n",
        catalogue="version: 1\nproducts: [{sku: A, prize: 3}]\n",
        actions="version: 1\nactions: []\n",
    )
    files = [problem.partition(":")[0] for problem in problems]
    assert set(files) == {"a.yaml", "b.yaml", "c.yaml", "catalogue.yaml", "actions.yaml"}
    assert sum("exmaples" in problem for problem in problems) == 2
    assert sum("catalogue.yaml" in problem for problem in problems) >= 4


# --- across the files --------------------------------------------------------------------------


def test_the_same_intent_twice(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("name: refund_status", "name: order_status"))
    assert problem == (
        "shop.yaml:12:11: order_status.name: the intent is there already (shop.yaml:3): "
        "rename one of them, or join the two"
    )


@pytest.mark.parametrize("twin", ["where is my order", "WHERE  is my ｏrder "])
def test_the_same_example_in_two_intents_names_both_places(tmp_path: Path, twin: str) -> None:
    (problem,) = changed(tmp_path, ("where is my money", f'"{twin}"'))
    assert problem == (
        'shop.yaml:15:9: refund_status.examples[1]: "where is my order" is also an example of'
        " order_status (shop.yaml:6): keep it in one of the two"
    )


def test_the_same_example_in_drafts_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(
        tmp_path,
        ("where is my money", "where is my order"),
        ("In five days.", "x\n    draft: true"),
    )
    assert "warning: " in problem


def test_an_example_that_is_also_out_of_scope(tmp_path: Path) -> None:
    outside = "version: 1\nout_of_scope: [track my parcel]\n"
    (problem,) = changed(tmp_path, outside=outside)
    assert '"track my parcel" is also out of scope (outside.yaml:2)' in problem


def test_an_example_twice_in_one_intent_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("is my parcel late", "Where is my order"))
    assert problem == (
        "shop.yaml:7:9: warning: order_status.examples[2]: the same example stands in line 6: "
        "delete one of them"
    )


@pytest.mark.parametrize(
    ("examples", "draft", "said"),
    [
        ("[one]", False, "order_status.examples: 1 example, at least 2 are needed: add phrasings"),
        ("[]", False, "order_status.examples: 0 examples, at least 2 are needed"),
        ("[one, two]", False, "warning: order_status.examples: 2 examples, 5 are better"),
        ("[one, two, three, four]", False, "warning: order_status.examples: 4 examples"),
        ("{en: [one], zh: [二]}", False, "warning: order_status.examples: 2 examples"),
        ("[one]", True, "warning: order_status.examples: 1 example, 5 are better"),
    ],
)
def test_too_few_examples(tmp_path: Path, examples: str, draft: bool, said: str) -> None:
    text = f"version: 1\nintents: [{{name: order_status, examples: {examples}, reply: Soon., "
    (problem,) = found(tmp_path, a=text + f"draft: {str(draft).lower()}}}]\n")
    assert said in problem


def test_an_intent_without_a_reply(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("    reply: Soon.\n", ""))
    assert problem == (
        "shop.yaml:3:11: order_status.name: the intent has no reply: add `reply:` (or action, "
        "recommend, handoff), or mark it `draft: true`"
    )


@pytest.mark.parametrize("instead", ["draft: true", "handoff: true", "action: get_order"])
def test_an_intent_that_needs_no_reply(tmp_path: Path, instead: str) -> None:
    assert changed(tmp_path, ("reply: Soon.", instead), actions=ACTIONS) == []


def test_the_same_title_twice_is_a_warning(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("title: My refund", "title: Track my order"))
    assert '13:12: warning: refund_status.title: "Track my order" is also the title of' in problem


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "suggestions: [refund_stats]",
            '4:19: order_status.suggestions[1]: unknown intent "refund_stats": did you mean',
        ),
        (
            "tests: [{say: hi, intent: ordr_status}]",
            'tests[1].intent: unknown intent "ordr_status": did you mean "order_status"?',
        ),
        ("tests: [{say: hi, not: nothing}]", 'tests[1].not: unknown intent "nothing"'),
        (
            "follow_ups: [{examples: [and?], ask: n}]",
            'follow_ups[1].ask: unknown slot "n": there a',
        ),
        ("action: get_ordr", 'unknown action "get_ordr": did you mean "get_order"?'),
        ("recommend: {category: tent}", 'unknown category "tent": did you mean "tents"?'),
        ("recommend: {tags: [sol]}", 'unknown tag "sol": did you mean "solo"?'),
    ],
)
def test_references_to_what_is_not_there(tmp_path: Path, line: str, said: str) -> None:
    problems = changed(
        tmp_path, ("title: Track my order", line), actions=ACTIONS, catalogue=CATALOGUE
    )
    assert any(said in problem for problem in problems), problems


def test_an_action_without_actions_yaml(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", "action: get_order"))
    assert 'unknown action "get_order": there is no actions.yaml: define it there' in problem


def test_a_recommendation_without_a_catalogue(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", "recommend: true"))
    assert "order_status.recommend: there is no catalogue.yaml: write one" in problem


def test_intents_with_mistakes_are_not_unknown_to_others(tmp_path: Path) -> None:
    problems = changed(
        tmp_path,
        ("title: Track my order", "suggestions: [refund_status]"),
        ("title: My refund", "tittle: My refund"),
    )
    assert len(problems) == 1
    assert "tittle" in problems[0]


# --- placeholders ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{bot} {contact}", "{{anything}}", "a } b", "{number} {eta}"])
def test_known_placeholders(tmp_path: Path, text: str) -> None:
    reply = f'reply: "{text}"\n    action: get_order\n    slots: {{number: {{}}}}'
    assert changed(tmp_path, ("reply: Soon.", reply), actions=ACTIONS) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            '"{contct}"',
            '11:12: order_status.reply: unknown placeholder {contct}: did you mean "con',
        ),
        ('"{eta}"', "unknown placeholder {eta}"),
        ('"{order number}"', "unknown placeholder {order number}"),
        ('"{bot.secret}"', "unknown placeholder {bot.secret}"),
        ('"{}"', "unknown placeholder {}"),
        ('{en: [Hi, "{nme}"]}', "order_status.reply.en[2]: unknown placeholder {nme}"),
        ('[{text: Hi, slack: "{nme}"}]', "order_status.reply[1].slack: unknown placeholder {nme}"),
    ],
)
def test_unknown_placeholders(tmp_path: Path, reply: str, said: str) -> None:
    (problem,) = changed(tmp_path, ("reply: Soon.", f"reply: {reply}"))
    assert said in problem
    assert "For braces as such write {{ and }}" in problem


def test_a_condition_on_something_unknown(tmp_path: Path) -> None:
    reply = "action: get_order\n    reply: [{when: {state: late}, text: Soon.}]"
    (problem,) = changed(tmp_path, ("reply: Soon.", reply), actions=ACTIONS)
    assert (
        'order_status.reply[1].when.state: unknown slot or result "state": did you mean' in problem
    )


# --- YAML's traps ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "[where is my order, please]",
        "[I ordered a tent last week, and it never came]",
        "{en: [where is my order, please, any news of the parcel]}",
    ],
)
def test_an_inline_list_that_splits_a_sentence_is_pointed_out(tmp_path: Path, written: str) -> None:
    text = f"version: 1\nintents: [{{name: a, examples: {written}, reply: Soon.}}]\n"
    problems = found(tmp_path, a=text)
    assert any(
        "warning: a.examples: the comma splits" in problem
        and "put the sentence in quotes" in problem
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    "written",
    [
        "[hi, hello, hey]",
        "[where is my order, track my parcel now]",
        '["where is my order, please", "any news, please"]',
        "[Where is my order?, please help]",
    ],
)
def test_an_inline_list_of_whole_sentences_is_fine(tmp_path: Path, written: str) -> None:
    text = f"version: 1\nintents: [{{name: a, examples: {written}, reply: Soon.}}]\n"
    assert not any("comma" in problem for problem in found(tmp_path, a=text))


def test_a_text_that_a_hash_cuts_is_pointed_out(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, ("where is my order", "where is order #48213"))
    assert problem == (
        'shop.yaml:6:9: warning: order_status: the text ends at the #: "where is order": '
        "put the text in quotes, or a space after the # of a comment"
    )


def test_a_comment_is_no_cut_text(tmp_path: Path) -> None:
    assert changed(tmp_path, ("where is my order", "where is my order  # often asked")) == []
