"""List of the article files in a folder, with their YAML files and the defaults of folders."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.errors import Problem
from bot.files.symlinks import leads_out, refusal, walk
from bot.text.invisible import is_invisible

DEFAULTS = "_defaults.yaml"
"""Settings for all articles of a folder and its subfolders."""

Kind = Literal["markdown", "html", "pdf", "docx"]

_KINDS: dict[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
_SAVE_AS = dict.fromkeys((".doc", ".odt", ".rtf", ".docm", ".pages", ".wpd"), "DOCX or PDF")
_SAVE_AS |= dict.fromkeys((".ppt", ".pptx", ".odp", ".xls", ".xlsx", ".ods", ".epub"), "PDF")
_SAVE_AS |= dict.fromkeys((".rst", ".adoc", ".tex"), "Markdown")
_SIDECAR_SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file that is an article.

    Attributes:
        name: Path below the folder, with slashes, printable.
        sidecar: The YAML file with its front matter, where there is one.
        defaults: Of its folders, the outermost first.
        root: The folder of all articles.
    """

    path: Path
    name: str
    kind: Kind
    sidecar: Path | None
    defaults: tuple[Path, ...]
    root: Path

    @property
    def has_front_matter(self) -> bool:
        """Return whether its front matter is in the file itself."""
        return self.path.suffix.lower() in {".md", ".markdown", ".mdx"}


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder.

    Attributes:
        unread: Names of folders and files that cannot be read.
    """

    files: tuple[ArticleFile, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]


def list_files(folder: Path) -> Listing:
    """List a folder and its subfolders, in the order of names.

    Hidden files and folders are no articles; of links see `bot.files.symlinks`.
    """
    problems: list[Problem] = []
    unread: list[str] = []

    def unreadable(error: OSError) -> None:
        path = Path(str(error.filename))
        problems.append(_cannot_read(path, error))
        unread.append(readable_name(path, folder))

    files: list[ArticleFile] = []
    for walked in walk(folder, unreadable):
        visible = {name for name in walked.names if not name.startswith(".")}
        problems += map(refusal, walked.outside)
        for name in sorted(visible):
            path = walked.path / name
            if path.suffix.lower() not in _KINDS:
                continue
            if leads_out(path, folder):
                problems.append(refusal(path))
                continue
            try:
                if stat.S_ISREG(path.stat().st_mode):
                    files.append(_article_file(path, folder, visible))
            except OSError as error:
                problems.append(_cannot_read(path, error))
                unread.append(readable_name(path, folder))
        problems += _strangers(walked.path, visible)
    files.sort(key=lambda file: file.path)
    return Listing(tuple(files), tuple(problems), tuple(unread))


def paths_within(folder: Path) -> Iterator[Path]:
    """Yield every file that an article could depend on, readable or not."""
    for walked in walk(folder):
        yield from (walked.path / name for name in walked.names)


def readable_name(path: Path, folder: Path) -> str:
    r"""Return a path below a folder with slashes, in printable characters.

    >>> readable_name(Path("k/caf\udce9\n.md"), Path("k"))
    'caf��.md'
    """
    name = path.relative_to(folder).as_posix() if path != folder else ""
    plain = os.fsencode(name).decode("utf-8", "replace")
    return "".join(
        "\ufffd" if is_invisible(c) or unicodedata.category(c) == "Cc" else c for c in plain
    )


def _article_file(path: Path, folder: Path, siblings: set[str]) -> ArticleFile:
    sidecar = f"{path.name}.yaml"
    inwards = [*reversed(path.relative_to(folder).parents)]
    return ArticleFile(
        path=path,
        name=readable_name(path, folder),
        kind=_KINDS[path.suffix.lower()],
        sidecar=path.parent / sidecar if sidecar in siblings else None,
        defaults=tuple(d for each in inwards if (d := folder / each / DEFAULTS).is_file()),
        root=folder,
    )


def _strangers(folder: Path, names: set[str]) -> Iterator[Problem]:
    """Report what looks as if it should count, and does not."""
    for name in sorted(names):
        path, suffix = folder / name, Path(name).suffix.lower()
        if suffix in _SAVE_AS:
            yield _warning(path, "not read", f"save it as {_SAVE_AS[suffix]}, or remove it")
        elif suffix in _SIDECAR_SUFFIXES and name != DEFAULTS:
            article = name.removesuffix(Path(name).suffix)
            if suffix == ".yaml" and article in names and Path(article).suffix.lower() in _KINDS:
                continue
            remedy = f"name it after one, such as returns.pdf.yaml, or {DEFAULTS}"
            yield Problem(path, 0, 0, "", "belongs to no article", remedy)


def _cannot_read(path: Path, error: OSError) -> Problem:
    if path.is_symlink():
        return _warning(path, "a link that leads nowhere", "correct or remove it")
    reason = (error.strerror or "unreadable").lower()
    return Problem(path, 0, 0, "", f"cannot be read ({reason})", "correct its permissions")


def _warning(path: Path, wrong: str, remedy: str) -> Problem:
    return Problem(path, 0, 0, "", wrong, remedy, "warning")
