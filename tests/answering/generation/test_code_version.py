"""The version of the answering code, which is part of the key of a cached answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import bot
from bot.answering.generation.code_version import ANSWERING, code_hash, digest_of

HERE = Path(bot.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "answering"
    (package / "guard").mkdir(parents=True)
    (package / "prompt.py").write_text("RULES = 1\n")
    (package / "guard" / "numbers.py").write_text("UNITS = 2\n")
    (package / "guard" / "negations.txt").write_text("never\n")
    return package


def test_the_same_code_has_the_same_version_wherever_it_lies(package: Path) -> None:
    before = digest_of([package])
    (package / "guard" / "__pycache__").mkdir()
    (package / "guard" / "__pycache__" / "numbers.pyc").write_bytes(b"compiled")
    moved = package.parent / "elsewhere" / package.name
    shutil.move(package, moved)
    assert digest_of([moved]) == before


def test_a_changed_a_new_and_a_renamed_file_make_another_version(package: Path) -> None:
    versions = {digest_of([package])}
    (package / "guard" / "numbers.py").write_text("UNITS = 3\n")
    versions.add(digest_of([package]))
    (package / "guard" / "names.py").write_text("")
    versions.add(digest_of([package]))
    (package / "guard" / "names.py").rename(package / "names.py")
    versions.add(digest_of([package]))
    assert len(versions) == 4


def test_a_changed_word_list_makes_another_version(package: Path) -> None:
    before = digest_of([package])
    (package / "guard" / "negations.txt").write_text("never\nhardly\n")
    assert digest_of([package]) != before


@pytest.mark.parametrize("changed", ["answering", "stages", "privacy"])
def test_a_change_in_each_package_that_answers_makes_another_version(
    changed: str, tmp_path: Path
) -> None:
    for name in ANSWERING:
        shutil.copytree(HERE / name, tmp_path / name)
    packages = [tmp_path / name for name in ANSWERING]
    assert digest_of(packages) == code_hash()
    (tmp_path / changed / "__init__.py").write_text('"""Changed."""\n')
    assert digest_of(packages) != code_hash()
