"""Addresses of a platform's servers: the platform's own, or those of a variable or of config."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from bot.config.types import read_address
from bot.errors import AdapterError
from bot.ports import Finding

_ENCRYPTED: Final = frozenset({"https", "wss"})


def address_from(environment: Mapping[str, str], variable: str, *schemes: str) -> str | None:
    """Return the address that an environment variable holds; None when it is unset or empty.

    Args:
        environment: Environment variables.
        variable: Name of the variable.
        schemes: Those that are possible, as `http` and `https`.

    Raises:
        AdapterError: It is no such address, or a token would be sent to it unencrypted.
    """
    address = environment.get(variable, "").strip()
    if not address:
        return None
    try:
        read_address(address, *schemes)
    except ValueError:
        raise _refused(variable, schemes[-1], "holds no address of a server") from None
    if not is_protected(address):
        raise _refused(variable, schemes[-1], "would send the token unencrypted")
    return address


def is_protected(address: str) -> bool:
    """Return whether what is sent to an address is encrypted, or stays on this machine.

    >>> is_protected("https://slack.example.org/api/"), is_protected("http://127.0.0.1:8080/api/")
    (True, True)
    >>> is_protected("http://slack.example.org/api/")
    False
    """
    parts = urlsplit(address)
    return parts.scheme in _ENCRYPTED or _is_loopback(parts.hostname or "")


def check_address(
    platform: str, key: str, address: str, *, environment: Mapping[str, str], variable: str
) -> Finding:
    """Return what `doctor` says about an address that is not the platform's own.

    Args:
        platform: Name of the platform.
        key: Of config.yaml, that may hold the address.
        address: The address in use.
        environment: Environment variables.
        variable: The one that takes precedence over the key.
    """
    origin = variable if environment.get(variable, "").strip() else f"`{key}`"
    found = f"requests go to {address} ({origin})"
    if is_protected(address):
        return Finding(platform, "ok", found)
    return Finding(platform, "warn", f"{found}, unencrypted", "use https or wss: tokens are sent")


def _refused(variable: str, scheme: str, wrong: str) -> AdapterError:
    return AdapterError(
        f"{variable} {wrong}: write {scheme}://HOST/PATH, or an address of this machine, or unset "
        "the variable"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
