"""Files that several folders share."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.files.shared_files import file_sha256, share


def test_a_shared_file_outlives_the_folder_that_it_came_from(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"encoder")
    share(first, second)
    first.unlink()
    assert second.read_bytes() == b"encoder"


def test_the_sum_of_a_file_follows_its_content(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    for content in (b"first", b"second, longer"):
        path.write_bytes(content)
        assert file_sha256(path) == hashlib.sha256(content).hexdigest()


def test_a_file_that_takes_the_place_of_another_has_its_own_sum(tmp_path: Path) -> None:
    path, other = tmp_path / "weights", tmp_path / "other"
    path.write_bytes(b"first")
    file_sha256(path)
    other.write_bytes(b"2nd--")
    other.replace(path)
    assert file_sha256(path) == hashlib.sha256(b"2nd--").hexdigest()
