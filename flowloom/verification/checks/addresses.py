"""FL707: addresses inside the own network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule
from flowloom.workflow.path import Path

__all__: list[str] = []

INTERNAL = rule(
    "FL707",
    "warning",
    "An address inside the own network.",
    example="name: x\nsteps:\n"
    "  - {id: f, uses: demo.fetch, with: {url: 'http://169.254.169.254/latest/meta-data'}}",
    mender="person",
)
_HOST = re.compile(r"\s*(?:\w+:)?//(?:[^/@?#\s]*@)?(\[[^\]]*\]|[^:/?#\s]*)")
_NAMES = ("localhost", ".localhost", ".local", ".internal", ".lan", ".intranet", ".home.arpa")
_IPV4 = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"]
_PRIVATE = ["172.16.0.0/12", "192.168.0.0/16"]
_IPV6 = ["::/128", "::1/128", "fc00::/7", "fe80::/10"]
_NETWORKS = tuple(map(ip_network, [*_IPV4, *_PRIVATE, *_IPV6]))


@check("use", (INTERNAL,))
def internal_address(_: Facts, use: Use) -> Iterator[Finding]:
    """Report literal addresses whose host is the machine itself or inside its network."""
    if use.component is None or not use.inputs:
        return
    taint, known = use.component.taint, use.component.inputs
    for name, value in use.inputs.items():
        if taint.get(name) == "url" or known.get(name, {}).get("format") == "uri":
            yield from _in_value(use, (*use.path, "with", name), value)


def _in_value(use: Use, path: Path, value: Any) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_value(use, (*path, index), item)
    host = _host(value) if isinstance(value, str) else ""
    if host and _is_internal(host):
        yield Finding(
            code=INTERNAL,
            path=path,
            message=f"{use.name} calls {host!r}, an address inside the network it runs in.",
            hint="Leave it if this service is meant; else name the public address.",
            step=use.step,
        )


def _host(url: str) -> str:
    match = _HOST.match(url)
    host = match.group(1) if match else ""
    return "" if "${{" in host else host.strip("[]").rstrip(".").lower()


def _is_internal(host: str) -> bool:
    if host == _NAMES[0] or host.endswith(_NAMES[1:]):
        return True
    address = _address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and any(address in network for network in _NETWORKS)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return _old_form(host)


def _old_form(host: str) -> IPv4Address | None:
    """Read the forms that old resolvers take: ``2130706433``, ``0x7f.1``, ``0177.0.0.1``."""
    parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(re.fullmatch(r"0x[0-9a-f]+|\d+", p) for p in parts):
        return None
    try:
        numbers = [int(p, 16) if "x" in p else int(p, 8 if p[0] == "0" else 10) for p in parts]
    except ValueError:
        return None
    rest = 8 * (5 - len(parts))
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 1 << rest:
        return None
    head = sum(number << (24 - 8 * place) for place, number in enumerate(numbers[:-1]))
    return IPv4Address(head + numbers[-1])
