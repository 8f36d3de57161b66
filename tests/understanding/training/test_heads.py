"""The heads that all models over an encoder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files
from bot.understanding.training.heads import FILES, write_heads


@pytest.mark.slow
def test_heads_are_learned_once_and_a_damaged_copy_is_learned_again(tmp_path: Path) -> None:
    encoder, made = load_encoder_files(exported_encoder("embedded")), []

    def written(name: str, *, is_tuned: bool = False) -> bytes:
        folder = tmp_path / name
        folder.mkdir()
        write_heads(
            encoder, folder, every_language=False, cache=tmp_path / "cache", is_tuned=is_tuned
        )
        made.append({path.name for path in folder.iterdir()})
        return (folder / "clauses.safetensors").read_bytes()

    first = written("first")
    (kept,) = (tmp_path / "cache" / "heads").iterdir()
    stamp = kept.stat().st_ino
    assert written("second") == first
    assert kept.stat().st_ino == stamp
    (kept / "clauses.safetensors").write_bytes(b"cut short")
    assert written("third") == first
    assert kept.stat().st_ino != stamp
    assert written("tuned", is_tuned=True) == first
    assert made == [set(FILES)] * 4
