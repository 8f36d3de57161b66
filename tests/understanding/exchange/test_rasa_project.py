"""Rasa projects as they are: foreign files beside the training data, and replies from dialogues."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import ImportReport, import_rasa
from bot.understanding.intents import Intent, inspect_intents, load_intents

NLU = """\
version: "3.1"
nlu:
- intent: ask_hours
  examples: |
    - what are your hours
    - when does the shop open
- intent: ask_return
  examples: |
    - how do I return a [jacket](product)
    - I want to send [it]{"entity": "product", "value": "coat"} back
- intent: affirm
  examples: |
    - yes
    - sure
- intent: out_of_scope
  examples: |
    - sing something
    - what is two plus two
- intent: nlu_fallback
  examples: |
    - asdf
"""

DOMAIN = """\
version: "3.1"
intents: [ask_hours, ask_return, affirm, out_of_scope]
slots:
  product: {type: text}
responses:
  utter_hours:
  - text: We open at nine.
    buttons:
    - {title: Send something back, payload: /ask_return}
    - {title: Yes, payload: /affirm}
    - {title: More, payload: "https://example.com"}
  - text: From nine o'clock.
  utter_return:
  - text: Within 30 days.
    image: https://example.com/label.png
  utter_good:
  - text: Good.
  utter_carousel:
  - custom: {type: carousel}
"""

RULES = """\
version: "3.1"
rules:
- rule: hours
  steps:
  - intent: ask_hours
  - action: utter_hours
"""

STORIES = """\
version: "3.1"
stories:
- story: return
  steps:
  - intent: ask_return
  - action: utter_return
- story: both
  steps:
  - intent: ask_hours
  - action: utter_hours
  - intent: affirm
  - action: utter_good
"""

FOREIGN = {
    "endpoints.yml": "# action_endpoint:\n#   url: http://localhost:5055/webhook\n",
    "credentials.yml": "rest:\n",
    "docker-compose.yml": 'version: "3"\nservices: {rasa: {image: rasa/rasa}}\n',
    "config.yml": "recipe: default.v1\nlanguage: en\npipeline:\n- name: WhitespaceTokenizer\n",
    "README.md": "# A bot\n\n* one\n* two\n",
    "data/empty.yml": "",
    ".github/workflows/ci.yml": "on: [push\n",
    "tests/test_stories.yml": "stories:\n- story: t\n  steps:\n  - intent: [broken\n",
    "venv/lib/x.yml": "nlu: [broken\n",
    "deploy/role.yml": "apiVersion: v1\nrules:\n- apiGroups: []\n---\napiVersion: v1\n",
    "deploy/chart.yaml": "name: {{ .Release }}\n---\n- [\n",
    "package.json": '{"name": "web"}',
    "data/latin.json": "\udce9",
    "docs/latin.md": "caf\udce9\n",
}


def project(folder: Path, **files: str) -> Path:
    root = folder / "bot"
    named = {"data/nlu.yml": NLU, "domain.yml": DOMAIN, "data/rules.yml": RULES} | {
        "data/stories.yml": STORIES
    }
    for name, text in (named | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8", errors="surrogateescape")
    return root


def taken(folder: Path, root: Path) -> tuple[ImportReport, dict[str, Intent]]:
    report = import_rasa(root, folder / "out")
    _, problems = inspect_intents(folder / "out")
    assert [problem for problem in problems if problem.severity == "error"] == []
    return report, dict(load_intents(folder / "out").by_name)


def texts(intent: Intent) -> dict[str, tuple[str, ...]]:
    (case,) = intent.entry.reply
    return dict(case.text)


def test_foreign_and_empty_files_are_passed_over(tmp_path: Path) -> None:
    report, intents = taken(tmp_path, project(tmp_path, **FOREIGN))
    assert set(intents) == {"ask_hours", "ask_return", "affirm"}
    assert not any("deploy" in remark or ".github" in remark for remark in report.remarks())


def test_rules_and_stories_of_one_turn_become_replies(tmp_path: Path) -> None:
    report, intents = taken(tmp_path, project(tmp_path))
    assert texts(intents["ask_hours"]) == {"en": ("We open at nine.", "From nine o'clock.")}
    assert texts(intents["ask_return"]) == {"en": ("Within 30 days.",)}
    assert not intents["ask_hours"].entry.draft
    assert not intents["ask_return"].entry.slots
    assert (report.intents, report.answered) == (3, 2)


def test_what_is_answered_within_a_dialogue_only_stays_a_draft_with_its_reply(
    tmp_path: Path,
) -> None:
    _, intents = taken(tmp_path, project(tmp_path))
    assert intents["affirm"].entry.draft
    assert texts(intents["affirm"]) == {"en": ("Good.",)}


def test_buttons_to_answered_intents_become_suggestions_with_their_titles(tmp_path: Path) -> None:
    report, intents = taken(tmp_path, project(tmp_path))
    assert intents["ask_hours"].entry.suggestions == ("ask_return",)
    assert intents["ask_return"].entry.title == {"en": "Send something back"}
    assert "buttons without an imported intent, left out: 1 (More)" in report.left_out
    lost = "buttons without an answered intent, left out: 1 (ask_hours: affirm)"
    assert lost in report.left_out


def test_out_of_scope_and_fallback_become_out_of_scope(tmp_path: Path) -> None:
    report, _ = taken(tmp_path, project(tmp_path))
    outside = [example.text for example in load_intents(tmp_path / "out").out_of_scope]
    assert outside == ["sing something", "what is two plus two", "asdf"]
    assert report.out_of_scope == 3


def test_what_is_left_out_is_grouped_by_kind(tmp_path: Path) -> None:
    report, _ = taken(tmp_path, project(tmp_path))
    kinds = [line.partition(":")[0] for line in report.left_out]
    assert len(kinds) == len(set(kinds))
    assert "image of responses, left out: 1 (utter_return)" in report.left_out
    assert "custom of responses, left out: 1 (utter_carousel)" in report.left_out
    assert "slots, left out: 1 (product)" in report.left_out
    assert "values of entities, left out: 1 (product (data/nlu.yml:10))" in report.left_out


def test_rules_under_a_condition_do_not_count(tmp_path: Path) -> None:
    rules = RULES + (
        "- rule: late\n  condition:\n  - slot_was_set:\n    - late: true\n"
        "  steps:\n  - intent: ask_hours\n  - action: utter_return\n"
        "- rule: start\n  conversation_start: true\n"
        "  steps:\n  - intent: affirm\n  - action: utter_return\n"
        "- rule: entities\n  steps:\n  - intent: affirm\n    entities: [product]\n"
        "  - action: utter_return\n"
    )
    _, intents = taken(tmp_path, project(tmp_path, **{"data/rules.yml": rules}))
    assert texts(intents["ask_hours"])["en"][0] == "We open at nine."
    assert texts(intents["affirm"]) == {"en": ("Good.",)}


def test_custom_actions_leave_a_draft_with_its_slots(tmp_path: Path) -> None:
    stories = STORIES.replace("action: utter_return", "action: action_look_up")
    report, intents = taken(tmp_path, project(tmp_path, **{"data/stories.yml": stories}))
    assert intents["ask_return"].entry.draft
    assert set(intents["ask_return"].entry.slots) == {"product"}
    assert any("ask_return: action_look_up" in line for line in report.left_out)


def test_a_reply_that_needs_values_is_kept_in_a_draft(tmp_path: Path) -> None:
    domain = DOMAIN.replace("Within 30 days.", "Dear {First Name}, within {{30}} days.")
    _, intents = taken(tmp_path, project(tmp_path, **{"domain.yml": domain}))
    assert intents["ask_return"].entry.draft
    assert texts(intents["ask_return"])["en"] == ("Dear {first_name}, within {{30}} days.",)
    assert set(intents["ask_return"].entry.slots) == {"product", "first_name"}


def test_several_responses_of_a_turn_become_one_reply(tmp_path: Path) -> None:
    rules = RULES.replace("utter_hours", "utter_good\n  - action: utter_hours")
    _, intents = taken(tmp_path, project(tmp_path, **{"data/rules.yml": rules}))
    assert texts(intents["ask_hours"])["en"] == (
        "Good.\n\nWe open at nine.",
        "Good.\n\nFrom nine o'clock.",
    )


def test_faqs_are_answered_by_the_response_of_their_name(tmp_path: Path) -> None:
    nlu = "nlu:\n- intent: faq/price\n  examples: |\n    - price\n    - how much is it\n"
    domain = "responses:\n  utter_faq/price:\n  - text: 4.95\n"
    _, intents = taken(tmp_path, project(tmp_path, **{"data/nlu.yml": nlu, "domain.yml": domain}))
    assert texts(intents["faq_price"]) == {"en": ("4.95",)}
    assert intents["faq_price"].entry.label == "faq/price"


def test_intents_that_trigger_a_response_in_the_domain_get_it(tmp_path: Path) -> None:
    domain = DOMAIN.replace("[ask_hours,", "[{affirm: {triggers: utter_good}}, ask_hours,")
    _, intents = taken(tmp_path, project(tmp_path, **{"domain.yml": domain}))
    assert not intents["affirm"].entry.draft


@pytest.mark.parametrize("place", ["data/de/nlu.yml", "data/nlu_de.yml", "nlu/de.yml"])
def test_a_domain_may_be_split_and_a_project_have_several_languages(
    tmp_path: Path, place: str
) -> None:
    german = "nlu:\n- intent: ask_hours\n  examples: |\n    - wann macht ihr auf\n    - Zeiten\n"
    answer = (
        "responses:\n  utter_hours:\n  - text: Ab neun.\n    condition:\n"
        "    - {type: slot, name: language, value: de}\n"
    )
    files = {place: german, "data/nlu.yml": "", "data/nlu_en.yml": NLU}
    _, intents = taken(tmp_path, project(tmp_path, **files, **{"domain/german.yml": answer}))
    hours = intents["ask_hours"]
    assert {example.language for example in hours.examples} == {"de", "en"}
    assert texts(hours) == {"en": ("We open at nine.", "From nine o'clock."), "de": ("Ab neun.",)}


def test_the_language_of_the_config_is_that_of_examples_and_replies(tmp_path: Path) -> None:
    config = "language: pt\npipeline:\n- name: x\n"
    _, intents = taken(tmp_path, project(tmp_path, **{"config.yml": config}))
    assert {example.language for example in intents["ask_hours"].examples} == {"pt"}
    assert set(texts(intents["ask_hours"])) == {"pt"}


def test_an_example_of_two_answered_intents_stays_in_one(tmp_path: Path) -> None:
    nlu = NLU.replace("    - how do I", "    - What are your HOURS\n    - how do I")
    report, intents = taken(tmp_path, project(tmp_path, **{"data/nlu.yml": nlu}))
    assert intents["ask_return"].examples[0].text.startswith("how do I")
    assert "kept for ask_hours only" in report.conflicts[0].remark()


def test_an_intent_that_is_left_with_one_example_becomes_a_draft(tmp_path: Path) -> None:
    nlu = NLU.replace("how do I return a [jacket](product)", "what are your hours")
    report, intents = taken(tmp_path, project(tmp_path, **{"data/nlu.yml": nlu}))
    assert intents["ask_return"].entry.draft
    assert any(
        "fewer than 2 examples, kept as drafts: 1 (ask_return)" in line for line in report.left_out
    )


def test_examples_that_differ_in_capitals_only_are_kept_once(tmp_path: Path) -> None:
    nlu = NLU.replace("    - yes", "    - yes\n    - Yes\n    - YES")
    report, intents = taken(tmp_path, project(tmp_path, **{"data/nlu.yml": nlu}))
    assert [each.text for each in intents["affirm"].examples] == ["yes", "sure"]
    assert any(line.endswith("left out: 2 (Yes, YES)") for line in report.left_out)


def test_training_data_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path) -> None:
    root = project(tmp_path, **{"data/more.yml": 'nlu:\n- intent: a\n  examples: "x\n'})
    with pytest.raises(IntentsError, match=r"data/more\.yml:3:\d+: "):
        import_rasa(root, tmp_path / "out")


def test_links_that_lead_out_of_the_project_are_not_followed(tmp_path: Path) -> None:
    root = project(tmp_path)
    outside = tmp_path / "outside.yml"
    outside.write_text("nlu:\n- intent: secret\n  examples: |\n    - a\n    - b\n")
    (root / "data" / "link.yml").symlink_to(outside)
    _, intents = taken(tmp_path, root)
    assert "secret" not in intents


def test_a_project_of_flows_only_is_named_as_such(tmp_path: Path) -> None:
    root = tmp_path / "calm"
    root.mkdir()
    (root / "flows.yml").write_text("flows:\n  transfer: {steps: []}\n")
    with pytest.raises(IntentsError, match="a project with flows only"):
        import_rasa(root, tmp_path / "out")


def test_control_characters_of_a_project_do_not_reach_the_terminal(tmp_path: Path) -> None:
    nlu = NLU + '- synonym: "a\\e[2J"\n  examples: |\n    - b\n'
    report, _ = taken(tmp_path, project(tmp_path, **{"data/nlu.yml": nlu}))
    assert all(remark.isprintable() for remark in report.remarks())


MARKDOWN = """\
## intent:greet
- hi
- hello there

<!-- a note -->
## intent:return_item
- how do i send [jacket](product) back
- i want to return [it](product:coat)

## synonym:coat
- anorak

## regex:product
- [a-z]+

## lookup:product
  data/products.txt

## intent:faq/price
- price
- how much
"""


def test_markdown_of_rasa_1_is_read_with_stories_and_responses(tmp_path: Path) -> None:
    root = tmp_path / "old"
    (root / "data").mkdir(parents=True)
    (root / "data" / "nlu.md").write_text(MARKDOWN)
    (root / "data" / "products.txt").write_text("jacket\ncoat\n")
    (root / "data" / "stories.md").write_text(
        '## greet\n* greet\n  - utter_greet\n\n## return\n* return_item{"product": "coat"}\n'
        "  - utter_return\n"
    )
    (root / "data" / "responses.md").write_text("## price\n* faq/price\n  - It is 4.95.\n")
    (root / "domain.yml").write_text("templates:\n  utter_greet:\n  - Hi!\n  utter_return: [No]\n")
    report, intents = taken(tmp_path, root)
    assert texts(intents["greet"]) == {"en": ("Hi!",)}
    assert texts(intents["faq_price"]) == {"en": ("It is 4.95.",)}
    item = intents["return_item"]
    assert [each.text for each in item.examples][1] == "i want to return it"
    assert item.entry.slots["product"].choices == {"jacket": {}, "coat": {}}
    assert item.entry.draft
    assert "synonyms, left out: 1 (coat (anorak))" in report.left_out


def test_json_of_rasa_1_is_read(tmp_path: Path) -> None:
    file = tmp_path / "nlu.json"
    file.write_text(
        '{"rasa_nlu_data": {"common_examples": [{"text": "hi", "intent": "greet", "entities": []},'
        '{"text": "send it", "intent": "send", "entities": [{"entity": "thing"}]}],'
        '"regex_features": [{"name": "thing", "pattern": "[a-z]+"}]}}'
    )
    _, intents = taken(tmp_path, file)
    assert set(intents) == {"greet", "send"}
    assert intents["send"].entry.slots["thing"].pattern == "[a-z]+"


words = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="[]{}()\\"),
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=20)
@given(st.lists(words, min_size=1, max_size=4, unique=True))
def test_every_response_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, variants: list[str]
) -> None:
    from bot.yamlfile import scalar

    folder = tmp_path_factory.mktemp("responses")
    spoken = "".join(f"  - text: {scalar(f'{text}{chr(10)}{text}')}\n" for text in variants)
    domain = f"responses:\n  utter_hours:\n{spoken}"
    _, intents = taken(folder, project(folder, **{"domain.yml": domain}))
    assert texts(intents["ask_hours"])["en"] == tuple(f"{text}\n{text}" for text in variants)
