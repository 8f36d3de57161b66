"""The key of codes: made once, private, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.proof import Hashes, read_key
from bot.errors import ConfigError


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "proof.key"
    key = read_key(path)
    assert len(key) == 32
    assert read_key(path) == key
    assert [each.name for each in path.parent.iterdir()] == ["proof.key"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path / "other.key") != key


@pytest.mark.parametrize("content", ["", "abc", "12ab", "no hex"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "proof.key"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"proof\.key: holds no key: delete it"):
        read_key(path)


def test_hashes_depend_on_the_key_the_person_and_the_code() -> None:
    hashes, others = Hashes(b"a" * 32), Hashes(b"b" * 32)
    stored = hashes.of_code("chat:T1:anna", "483920")
    assert hashes.is_code(stored, "chat:T1:anna", "483920")
    assert not hashes.is_code(stored, "chat:T1:marco", "483920")
    assert not hashes.is_code(stored, "chat:T1:anna", "483921")
    assert not others.is_code(stored, "chat:T1:anna", "483920")
    assert "483920" not in stored
