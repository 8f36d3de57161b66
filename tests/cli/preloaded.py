"""What commands import, and the lists that they read, once for all commands of a test run."""

from __future__ import annotations

import importlib
import pkgutil

import bot.app.build
import bot.cli.app
import bot.cli.commands
from bot.understanding.language.detector import LanguageDetector

for command in pkgutil.iter_modules(bot.cli.commands.__path__, "bot.cli.commands."):
    importlib.import_module(command.name)
LanguageDetector()
