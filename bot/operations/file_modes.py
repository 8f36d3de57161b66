"""Restricts files of earlier versions to their owner, when a process starts."""

from __future__ import annotations

import platformdirs

from bot.config.schema import Config
from bot.files.private_files import protect_file, protect_tree
from bot.understanding.model.registry import is_model_folder


def protect_files(config: Config) -> None:
    """Restrict models, erasure log, caches, logs and chat history to their owner.

    The database is restricted when it is opened; new files are created with restricted modes.
    """
    if is_model_folder(config.model):
        protect_tree(config.model)
    if config.privacy.ledger.is_file():
        protect_file(config.privacy.ledger)
    for folder in (
        platformdirs.user_cache_path("frontdesk"),
        platformdirs.user_log_path("frontdesk"),
        platformdirs.user_state_path("frontdesk"),
    ):
        protect_tree(folder)
