"""Reads JSON files from a folder or a zip archive, without unpacking the archive to disk."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from bot.errors import IntentsError
from bot.understanding.exchange.files import MAX_BYTES, decoded, read_text, refusal

_MOST_FILES = 20_000
_MOST_TIMES = 200
"""Maximum compression ratio of an archive; JSON is compressed 10 to 30 times."""


def json_files(path: Path) -> Mapping[str, str]:
    """Return the texts of a folder's or zip archive's JSON files, by their path within it.

    Raises:
        IntentsError: It cannot be read, or the archive looks malicious.
    """
    try:
        if path.is_dir():
            return _with_content(_folder(path))
        with zipfile.ZipFile(path) as archive:
            return _with_content(_archive(path, archive))
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise refusal(path, 0, f"cannot be read ({reason})", "check the path") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        wrong = f"not a readable zip archive ({error})"
        raise refusal(path, 0, wrong, "name the folder, or the exported zip file") from error


def _with_content(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text.strip()}


def _folder(path: Path) -> dict[str, str]:
    root = path.resolve()
    texts = {}
    for file in sorted(path.rglob("*.json")):
        if file.is_file() and file.resolve().is_relative_to(root):
            texts[file.relative_to(path).as_posix()] = read_text(file, "JSON,")
    return texts


def _archive(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_FILES or total > MAX_BYTES:
        limit = f"the limits are {_MOST_FILES:,} files and {MAX_BYTES:,} bytes"
        raise _refused(path, f"{len(entries):,} files with {total:,} bytes, {limit}")
    if total > _MOST_TIMES * max(path.stat().st_size, 4096):
        raise _refused(path, f"unpacks to {_MOST_TIMES} times its size, as no real agent does")
    for entry in entries:
        _refuse_entry(path, entry)
    return {
        entry.filename: decoded(path / entry.filename, _content(path, archive, entry), "JSON,")
        for entry in sorted(entries, key=lambda entry: entry.filename)
        if entry.filename.endswith(".json")
    }


def _refuse_entry(path: Path, entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise _refused(path, f"contains a path outside of the archive ({entry.filename})")
    if entry.flag_bits & 0x1:
        raise refusal(path, 0, "is encrypted", "unpack it, and name the folder")


def _content(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise _refused(path, f"{entry.filename} is larger than its declared size")
    return data


def _refused(path: Path, wrong: str) -> IntentsError:
    return refusal(path, 0, wrong, "export the agent again, and import the new file")
