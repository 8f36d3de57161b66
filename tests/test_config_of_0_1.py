"""Settings of 0.1 under the names of this version."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.schema import load_config
from bot.errors import ConfigError
from tests.test_config import refusal, write

OLD = """\
desk:
  staff:
    slack:
      channel: C0STAFF   # where alerts go
      users: [U0ANN, "U0BOB"]
    discord: {channel: 11, roles: ["22"], users: }
serve: {port: 0}
"""

NEW = """\
staff:
  members:
    slack:
      channel: C0STAFF
      users: [U0ANN, "U0BOB"]
    discord:
      channel: 11
      roles: ["22"]
      users:"""


def test_the_staff_of_0_1_are_read_and_the_warning_prints_the_new_lines(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, OLD), {})
    (warning,) = config.warnings
    place, lines = str(warning).split("\n", 1)
    assert place.startswith(f"{tmp_path}/config.yaml:2:3: warning: desk.staff: renamed in 0.2")
    assert lines == NEW
    assert config.staff.members["discord"].roles == {"22"}

    rewritten = load_config(write(tmp_path, f"{lines}\n"), {})
    assert rewritten.staff == config.staff
    assert rewritten.warnings == ()


def test_ids_that_need_quotes_keep_them_in_the_new_lines(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'desk: {staff: {"slack": {users: ["007", 1_0]}}}\n'), {})
    assert 'users: ["007", 1_0]' in str(config.warnings[0])


@pytest.mark.parametrize("new", ["staff: {members: {slack: {channel: C0NEW}}}", "staff: {}"])
def test_both_names_at_once_are_an_error(tmp_path: Path, new: str) -> None:
    said = refusal(tmp_path, f"desk: {{staff: {{slack: {{channel: C0OLD}}}}}}\n{new}\n")
    assert "1:1: desk: both `desk` and `staff` are set: move what you need" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("desk: {staff: {slack: {chanel: C1}}}", "1:24: desk.staff.slack.chanel: unknown key"),
        ("desk: {staff: {slack: {channel: staff}}}", "desk.staff.slack.channel: "),
        ("desk: {staff: {slck: {channel: C1}}}", "desk.staff.slck: unknown platform: did you mean"),
        ("desk: {stuff: {}}", "1:8: desk.stuff: unknown key: "),
        ("desk: [C1]", "1:7: desk: not a mapping: "),
    ],
)
def test_a_mistake_under_the_old_name_is_reported_at_its_place(
    tmp_path: Path, line: str, said: str
) -> None:
    assert said in refusal(tmp_path, f"{line}\n")


def test_a_secret_under_the_old_name_is_not_printed(tmp_path: Path) -> None:
    secret = "xoxb-" + "1234567890"
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, f"desk: {{staff: {{slack: {{users: [{secret}]}}}}}}\n"), {})
    assert secret not in str(caught.value)


def test_an_empty_desk_is_to_be_deleted(tmp_path: Path) -> None:
    (warning,) = load_config(write(tmp_path, "desk: {staff: {}}\n"), {}).warnings
    assert warning.remedy == "delete it: there is nobody in it"
