"""The embedded encoder, exported once and kept in the user's cache."""

from __future__ import annotations

import pytest

from bot.understanding.encoder import Encoder, load_encoder_files
from bot.understanding.encoder_cache import exported_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder_files(exported_encoder("embedded"))
