"""Fetch catalog sources by address: only hosts that are allowed, no internal addresses, limits.

A name is looked up once for each request, all its addresses are checked, and the connection goes to
an address that was checked: a second answer of the name server changes nothing. Each redirect is a
request of its own. Nothing is fetched through a proxy, which would look names up itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from flowloom.errors import CatalogError

__all__ = ["DEFAULT_RULES", "MAX_FETCHED", "FetchRules", "fetch", "shown_address"]

MAX_FETCHED = 10_000_000
MAX_REDIRECTS = 5
FETCH_SECONDS = 30.0

_PROTOCOLS = IPv4Network("192.0.0.0/24")  # counts as global before Python 3.13
_NAT64 = IPv6Network("64:ff9b::/96")
_METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",  # most clouds
            "169.254.170.2",  # tasks on AWS
            "fd00:ec2::254",
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle
            "168.63.129.16",  # Azure; a public address by its form
        ),
    )
)
_AS_FILE = "or download it and give the file"


@dataclass(frozen=True)
class FetchRules:
    """What catalog sources by address may reach.

    Attributes:
        hosts: names that may be fetched from: ``example.com``, or ``*.example.com`` for all below
            it; empty is any host.
        internal: whether addresses that are not of the public internet may be reached. Addresses
            where clouds hand out credentials never are.
    """

    hosts: tuple[str, ...] = ()
    internal: bool = False

    def check_host(self, scheme: str, host: str) -> None:
        """Check an address before its name is looked up.

        Raises:
            CatalogError: it is not http(s), or the host is not allowed.
        """
        if scheme not in ("http", "https") or not host:
            raise CatalogError(
                f"A catalog source is fetched by http or https, not from {f'{scheme}://{host}'!r}.",
                hint="Correct the address, or give a file.",
            )
        if self.hosts and not any(_is_named(host, allowed) for allowed in self.hosts):
            raise CatalogError(
                f"The host {host!r} is not among the allowed ones: {', '.join(self.hosts)}.",
                hint=f"Add it to the setting 'catalog_hosts', {_AS_FILE}.",
            )

    def check_addresses(self, host: str, addresses: Iterable[str]) -> None:
        """Check what a name stands for; one address that is refused refuses the name.

        Raises:
            CatalogError: an address is internal, or one where clouds hand out credentials.
        """
        for text in addresses:
            address = _innermost(ip_address(text))
            if address in _METADATA:
                raise CatalogError(
                    f"{host!r} is at {text}, where clouds hand out credentials; it is never read.",
                    hint="Give another address, or a file.",
                )
            if not self.internal and not _is_public(address):
                raise CatalogError(
                    f"{host!r} is at {text}, which is an internal address.",
                    hint="If you trust it, set 'catalog_internal' to true"
                    f" (FLOWLOOM_CATALOG_INTERNAL=true), {_AS_FILE}.",
                )


DEFAULT_RULES = FetchRules()


def fetch(url: str, rules: FetchRules = DEFAULT_RULES) -> bytes:
    """Download a document: at most ``MAX_FETCHED`` bytes in at most ``FETCH_SECONDS`` seconds.

    Raises:
        CatalogError: the rules refuse it, the server cannot be reached, answers an error, sends
            too much or takes too long.
    """
    # A thread of its own: the caller may itself run in an event loop.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(_fetched(url, rules))).result()


async def _fetched(url: str, rules: FetchRules) -> bytes:
    import httpx2

    from flowloom.catalog.guarded_transport import guarded_client

    shown = shown_address(url)
    try:
        async with asyncio.timeout(FETCH_SECONDS), guarded_client(rules) as client:
            response = await client.get(url, follow_redirects=True)
            response.raise_for_status()
            return response.content
    except TimeoutError as error:
        raise CatalogError(
            f"The document at {shown!r} did not come within {FETCH_SECONDS:g} seconds.",
            hint=f"Try again, {_AS_FILE}.",
        ) from error
    except httpx2.HTTPStatusError as error:
        raise CatalogError(
            f"The server answered {error.response.status_code} for {shown!r}.",
            hint=f"Check the address, {_AS_FILE}.",
        ) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CatalogError(
            f"The document at {shown!r} cannot be fetched: {reason}.",
            hint=f"Check the address and the network, {_AS_FILE}.",
        ) from error


def shown_address(url: str) -> str:
    """Return an address without what may be secret: user, password, query."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return url.partition("?")[0].rpartition("@")[2]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _is_named(host: str, allowed: str) -> bool:
    name, wanted = host.lower().rstrip("."), allowed.lower().rstrip(".")
    return name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address carries, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    plain = IPv6Address(int(address))  # without a scope
    carried = plain.ipv4_mapped or plain.sixtofour
    if carried is None and plain in _NAT64:
        carried = IPv4Address(int(plain) & 0xFFFFFFFF)
    return carried or plain


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    local = address.is_site_local if isinstance(address, IPv6Address) else address in _PROTOCOLS
    return address.is_global and not (address.is_multicast or address.is_reserved or local)
