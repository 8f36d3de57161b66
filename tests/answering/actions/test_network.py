"""Addresses: the one that was checked is the one that is called, and private ones are not."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.answering.actions import ActionCaller
from bot.answering.actions.network import may_call
from bot.clock import SystemClock
from tests.answering.actions.support import ENVIRONMENT, actions, read
from tests.servers.shop import shop_server

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "224.0.0.1", "255.255.255.255", "168.63.129.16", "::1", "::", "fe80::1",
    "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "2002:7f00:1::", "ff02::1", "fe80::1%eth0",
)  # fmt: skip


class Names(AbstractResolver):
    """A name server: each question takes the next answer."""

    def __init__(self, port: int, *answers: str) -> None:
        self._port = port
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._answers.pop(0)
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=family, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]  # fmt: skip

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_called(address: str) -> None:
    assert not may_call(address, 443, ("shop.example.com",))


def test_public_addresses_and_listed_ones_are_called() -> None:
    assert may_call("93.184.216.34", 443, ())
    assert may_call("2606:2800:220:1::1", 443, ())
    assert may_call("127.0.0.1", 8080, ("127.0.0.1:8080",))
    assert not may_call("127.0.0.1", 8081, ("127.0.0.1:8080",))
    assert may_call("10.4.5.6", 443, ("10.4.0.0/16",))
    assert not may_call("10.5.5.6", 443, ("10.4.0.0/16",))


async def test_a_listed_name_with_a_private_address_is_not_called() -> None:
    async with shop_server() as shop:
        place = f"shop.example.com:{shop.port}"
        file = actions(place, get_order=read(place))
        caller = ActionCaller(ENVIRONMENT, SystemClock(), resolver=Names(shop.port, "127.0.0.1"))
        result = await caller.call(file, "get_order", {"order_number": "48213"})
        assert result.state == "unavailable"
        assert "an address that is not among `hosts:`" in result.reason
        assert shop.calls == []


async def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """A name server that answers otherwise the second time is asked once."""
    async with shop_server() as shop:
        place = f"shop.example.com:{shop.port}"
        names = Names(shop.port, "127.0.0.1", "169.254.169.254")
        file = actions(place, f"127.0.0.1:{shop.port}", get_order=read(place))
        caller = ActionCaller(ENVIRONMENT, SystemClock(), resolver=names)
        assert (await caller.call(file, "get_order", {"order_number": "48213"})).state == "done"
        assert shop.calls[0].headers["Host"] == place
        assert (await caller.call(file, "get_order", {"order_number": "1"})).state == "unavailable"
