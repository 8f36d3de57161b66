"""`frontdesk check` and the start say how GPT answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.gpt import announce
from bot.cli.gpt_checks import without_effect
from bot.config.schema import Config, load_config
from bot.errors import ConfigError


def written(folder: Path, gpt: str) -> Config:
    file = folder / "config.yaml"
    file.write_text(f"gpt: {gpt}\n")
    return load_config(file, {})


def test_what_does_nothing_while_gpt_chooses_is_a_warning_at_its_place(tmp_path: Path) -> None:
    config = written(tmp_path, "{judge: true, tone: dry, persona: '', model: m}")
    found = [str(problem) for problem in without_effect(config)]
    assert [each.split(": ")[2] for each in found] == ["gpt.tone", "gpt.judge"]
    assert all("answers: rephrase" in each for each in found)
    assert not list(
        without_effect(written(tmp_path, "{judge: true, answers: rephrase, tone: dry}"))
    )


def test_proposals_in_forms_need_a_model_that_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    for chooser, found in (("ranking", ["forms.gpt"]), ("model", [])):
        file.write_text(f"gpt: {{chooser: {chooser}}}\nforms: {{gpt: true}}\n")
        problems = [str(each) for each in without_effect(load_config(file, {}))]
        assert [each.split(": ")[2] for each in problems] == found


@pytest.mark.parametrize("judge", ["", ", judge: false"])
def test_own_words_without_a_judge_are_refused_with_the_remedy(tmp_path: Path, judge: str) -> None:
    with pytest.raises(ConfigError, match=r"gpt\.answers: .* need a judge: add `judge: true`"):
        written(tmp_path, f"{{answers: rephrase{judge}}}")


@pytest.mark.parametrize("name", ["off", "no", "No", "'off'", "none", "yes"])
def test_a_switch_is_no_name_of_a_judge(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"gpt\.judge: .* write false for no judge, true for"):
        written(tmp_path, f"{{answers: rephrase, judge: {name}}}")


@pytest.mark.parametrize("judge", ["{threshold: 0.5}", "{name: x}", "{}"])
def test_a_judge_without_a_folder_is_refused(tmp_path: Path, judge: str) -> None:
    with pytest.raises(ConfigError, match=r"gpt\.judge: no folder of a model"):
        written(tmp_path, f"{{judge: {judge}}}")


def test_the_folder_of_a_judge_counts_from_the_config(tmp_path: Path) -> None:
    judge = written(tmp_path, "{judge: {model: judges/tiny}}").gpt.judge
    assert judge is not None
    assert judge.model == tmp_path / "judges/tiny"
    assert judge.threshold == 0.5


@pytest.mark.parametrize(("gpt", "lines"), [("{}", 1), ("{answers: select}", 0)])
def test_the_start_says_how_gpt_answers_where_config_leaves_it_open(
    tmp_path: Path, gpt: str, lines: int
) -> None:
    with capture_logs() as logs:
        announce(written(tmp_path, gpt))
    assert [line["mode"] for line in logs] == ["select"] * lines
