"""The embedded encoders, exported once and kept in the user's cache."""

from __future__ import annotations

import pytest

from bot.answering.knowledge import Encoders
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.source import MULTILINGUAL


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder_files(exported_encoder("embedded"))


@pytest.fixture(scope="session")
def encoders(encoder: Encoder) -> Encoders:
    return Encoders(encoder, load_encoder_files(exported_encoder(MULTILINGUAL)))
