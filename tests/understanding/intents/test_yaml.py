"""YAML that cannot be read, or must not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.shop import changed, found


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
