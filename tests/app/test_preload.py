"""Nothing is left to be loaded by the first message."""

from __future__ import annotations

import subprocess
import sys

_PROBE = """
import sys
from bot.app.preload import preload
preload()
before = set(sys.modules)
from bot.privacy.recognisers.gazetteer import gazetteer
from bot.privacy.pseudonyms import masked
assert gazetteer.cache_info().currsize == 1
masked("call 12-12-1221212, 030 1234567, (999) 030 22 or +49 30 1234567")
print(sorted(each for each in set(sys.modules) - before if each.startswith("phonenumbers")))
"""


def test_the_rules_of_telephone_numbers_and_the_names_are_loaded_at_start() -> None:
    command = [sys.executable, "-c", _PROBE]
    probed = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603

    assert probed.stdout == "[]\n", probed.stderr
