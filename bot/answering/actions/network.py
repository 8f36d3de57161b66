"""Which addresses may be called, checked on the very address that the connection is made to."""

from __future__ import annotations

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.understanding.intents.actions.names import allows, place_of

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # NAT64, RFC 6052
_METADATA = frozenset({"168.63.129.16"})  # of Azure, an address that looks public


class AddressRefused(OSError):
    """The host, or the address that its name has, may not be called."""


class CheckedResolver(AbstractResolver):
    """A resolver for a connector: it returns addresses only when all of them may be called.

    The connection is made to what it returned, so that a name cannot lead elsewhere after the
    check.

    Args:
        hosts: `hosts:` of `actions.yaml`.
        resolver: Finds the addresses; None: the system's.
    """

    def __init__(self, hosts: tuple[str, ...], resolver: AbstractResolver | None = None) -> None:
        self._hosts = hosts
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        Raises:
            AddressRefused: One of them is private, and not among `hosts:`.
        """
        found = await self._resolver.resolve(host, port, family)
        for each in found:
            if not may_call(each["host"], port, self._hosts):
                raise AddressRefused(f"{host} leads to an address that is not among `hosts:`")
        return found

    async def close(self) -> None:
        """Close the resolver."""
        await self._resolver.close()


def check_url(url: str, hosts: tuple[str, ...]) -> None:
    """Check the host of an address, and the address where it is one.

    Raises:
        AddressRefused: It may not be called.
    """
    try:
        host, port = place_of(url)
    except ValueError:
        raise AddressRefused("no web address") from None
    if not allows(hosts, host, port, usual=port in (80, 443)):
        raise AddressRefused(f"{host}:{port} is not among `hosts:`")


def may_call(address: str, port: int, hosts: tuple[str, ...]) -> bool:
    """Return whether an address may be called: a public one, or one that `hosts:` has itself.

    >>> may_call("93.184.216.34", 443, ()), may_call("169.254.169.254", 80, ())
    (True, False)
    >>> may_call("::ffff:10.0.0.1", 80, ()), may_call("10.0.0.1", 80, ("10.0.0.0/8",))
    (False, True)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = _inner(ip)
    public = ip if inner is None else inner
    if public.is_global and not public.is_multicast and str(public) not in _METADATA:
        return True
    return allows(hosts, str(public), port, usual=True)


def _inner(ip: _IP) -> _IP | None:
    """Return the IPv4 address that an IPv6 address stands for."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _EMBEDDING:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)
