"""What tells one edition of the answering code from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.generation.code_version import edition, edition_of


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "guard").mkdir()
    (tmp_path / "prompt.py").write_text("RULES = 1\n")
    (tmp_path / "guard" / "numbers.py").write_text("UNITS = 2\n")
    return tmp_path


def test_the_same_code_is_the_same_edition_wherever_it_lies(package: Path) -> None:
    before = edition_of(package)
    (package / "guard" / "__pycache__").mkdir()
    (package / "guard" / "__pycache__" / "numbers.pyc").write_bytes(b"compiled")
    moved = package.with_name("moved")
    package.rename(moved)
    assert edition_of(moved) == before


def test_a_changed_a_new_and_a_renamed_file_make_another_edition(package: Path) -> None:
    editions = {edition_of(package)}
    (package / "guard" / "numbers.py").write_text("UNITS = 3\n")
    editions.add(edition_of(package))
    (package / "guard" / "names.py").write_text("")
    editions.add(edition_of(package))
    (package / "guard" / "names.py").rename(package / "names.py")
    editions.add(edition_of(package))
    assert len(editions) == 4


def test_our_own_edition_is_that_of_the_whole_package() -> None:
    import bot.answering

    assert bot.answering.__file__ is not None
    assert edition() == edition_of(Path(bot.answering.__file__).parent)
