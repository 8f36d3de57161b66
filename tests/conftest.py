"""Settings of the property tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("frontdesk", deadline=None)  # no test depends on the machine's speed
settings.load_profile("frontdesk")
