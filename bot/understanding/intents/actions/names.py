"""Names within `actions.yaml`: placeholders, variables, hosts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

CUSTOMER = "customer_id"
"""The customer of the shop, from the proof of identity and from nowhere else."""

KEY = "idempotency_key"
"""The idempotency key of a write, which its lookup is called with as well."""

RESERVED = frozenset({CUSTOMER, KEY})
"""Values that no slot and no result may provide."""

TEMPLATE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\{([a-z][a-z0-9_]*)\}")
"""`${NAME}`: an environment variable; `{name}`: a value."""

_PORTS = {"http": 80, "https": 443}


def values_in(template: object) -> Iterator[str]:
    """Yield the names of the values in a template: a text, or texts within lists and mappings.

    >>> list(values_in({"size": "{size}", "to": ["{a} and {b}", "${TOKEN}"]}))
    ['size', 'a', 'b']
    """
    for text in _texts(template):
        yield from (match[2] for match in TEMPLATE.finditer(text) if match[2])


def variables_in(template: object) -> Iterator[str]:
    """Yield the names of the environment variables in a template.

    >>> list(variables_in({"Authorization": "Bearer ${SHOP_TOKEN}"}))
    ['SHOP_TOKEN']
    """
    for text in _texts(template):
        yield from (match[1] for match in TEMPLATE.finditer(text) if match[1])


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of an address.

    >>> place_of("https://shop.example.com/orders"), place_of("http://[::1]:8080/")
    (('shop.example.com', 443), ('::1', 8080))

    Raises:
        ValueError: It has none.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("no host")
    return parts.hostname.lower().rstrip("."), parts.port or _PORTS[parts.scheme]


def read_host(text: str) -> tuple[str, int | None]:
    """Read an entry of `hosts:` as host, or network, and port; None is the port of the scheme.

    >>> read_host("shop.example.com"), read_host("[::1]:8080"), read_host("10.0.0.0/8")
    (('shop.example.com', None), ('::1', 8080), ('10.0.0.0/8', None))

    Raises:
        ValueError: It is none.
    """
    if "/" in text:
        return str(ipaddress.ip_network(text)), None
    try:
        return str(ipaddress.ip_address(text)), None
    except ValueError:
        pass
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path or parts.query or parts.fragment or "@" in text:
        raise ValueError(f"{text} is no host")
    return parts.hostname.lower().rstrip("."), parts.port


def allows(hosts: tuple[str, ...], host: str, port: int, *, usual: bool) -> bool:
    """Return whether `hosts:` has a host, or an address, with a port.

    Args:
        hosts: As they are written.
        host: A name, or an address.
        port: Its port.
        usual: The port is the one of the scheme, which needs no mention.
    """
    for name, of in (read_host(each) for each in hosts):
        fits = _within(host, name) if "/" in name else host == name
        if fits and (of == port or (of is None and (usual or "/" in name))):
            return True
    return False


def _within(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network)
    except ValueError:
        return False


def _texts(template: object) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        for each in template.values():
            yield from _texts(each)
    elif isinstance(template, (list, tuple)):
        for each in template:
            yield from _texts(each)
