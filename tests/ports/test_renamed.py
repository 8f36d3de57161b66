"""Ports under their names of 0.1."""

from __future__ import annotations

import importlib

import pytest

from bot import ports
from bot.ports import CanNotify
from bot.ports.renamed import RENAMED, accept_old_methods


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_is_the_new_port_and_warns(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=rf"bot\.ports\.{old} is called bot\.ports\.{new}"):
        found = getattr(importlib.import_module("bot.ports"), old)
    assert found is getattr(ports, new)
    assert new in ports.__all__


def test_what_never_was_a_port_is_not_found() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Telepathy'"):
        _ = ports.Telepathy


class Pager:
    """An adapter that was written for 0.1."""

    def __init__(self) -> None:
        self.announced: list[str] = []

    async def announce(self, channel: str, markdown: str) -> None:
        self.announced.append(f"{channel}: {markdown}")


async def test_an_adapter_of_0_1_still_tells_staff() -> None:
    pager: object = Pager()
    with pytest.warns(DeprecationWarning, match="announce is called notify"):
        accept_old_methods(pager)
    assert isinstance(pager, CanNotify)
    await pager.notify("C1", "the queue is long")
    assert isinstance(pager, Pager)
    assert pager.announced == ["C1: the queue is long"]
