"""`import rasa-tests`."""

from __future__ import annotations

from tests.cli.command import Frontdesk

STORIES = """\
stories:
- story: hours
  steps:
  - user: when do you open
    intent: ask_hours
  - action: utter_hours
- story: wordless
  steps:
  - intent: affirm
"""


def test_stories_become_a_file_of_conversations(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "test_stories.yml").write_text(STORIES)
    ran = frontdesk("import", "rasa-tests", "test_stories.yml", "--to", "conversations/rasa.yaml")
    assert ran.code == 0
    assert "conversations/rasa.yaml: 1 of 2 test stories" in ran.out
    assert "wordless: left out" in ran.out
    written = (frontdesk.folder / "conversations" / "rasa.yaml").read_text()
    assert "when do you open" in written
    again = frontdesk("import", "rasa-tests", "test_stories.yml", "--to", "conversations/rasa.yaml")
    assert again.code == 1


def test_machines_get_counts_and_reasons(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "test_stories.yml").write_text(STORIES)
    report = frontdesk(
        "import", "rasa-tests", "test_stories.yml", "--to", "rasa.yaml", "--json"
    ).json()
    assert (report["stories"], report["conversations"]) == (2, 1)
