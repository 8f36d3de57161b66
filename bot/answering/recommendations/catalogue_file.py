"""Reads `catalogue.yaml`: what attributes and categories mean, and products."""

from __future__ import annotations

from pathlib import Path

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.entries import catalogue_of
from bot.answering.recommendations.file_schema import CatalogueFile
from bot.errors import Problem
from bot.understanding.intents.folder import CATALOGUE
from bot.yamlfile import read, validate


def find_catalogue(folder: Path) -> Path | None:
    """Return the catalogue of an intents folder; None where there is none."""
    found = (folder / f"{CATALOGUE}{ending}" for ending in (".yaml", ".yml"))
    return next((each for each in found if each.is_file()), None)


def read_catalogue(path: Path, language: str) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    """Read a catalogue.

    Args:
        path: The file.
        language: BCP 47 tag of texts without a language.

    Returns:
        The catalogue (None when something is wrong), and everything that is wrong.
    """
    document = read(path)
    if document.root is None:
        empty = Problem(path, 0, 0, "", "the file is empty", "write `version: 1`, or delete it")
        return None, document.problems or (empty,)
    file, wrong = validate(document, CatalogueFile, context={"language": language})
    problems = [*document.problems, *wrong]
    if file is None:
        return None, tuple(problems)
    catalogue = catalogue_of(
        file,
        language,
        lambda loc, wrong, remedy: problems.append(document.problem(loc, wrong, remedy)),
    )
    return (None if problems else catalogue), tuple(problems)
