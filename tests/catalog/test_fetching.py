"""Sources by address: what may be reached, checked after the name is looked up and at each hop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx2
import pytest

from flowloom.assembly import open_catalog
from flowloom.catalog import fetching
from flowloom.catalog.fetching import MAX_FETCHED, FetchRules, fetch, shown_address
from flowloom.catalog.guarded_transport import GuardedTransport, client_over
from flowloom.errors import CatalogError
from flowloom.settings import Settings

INTERNAL = (
    *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.1.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.0.8"),
    *("::1", "::", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "::127.0.0.1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:db8::1"),
)
METADATA = (
    "169.254.169.254",
    "192.0.0.192",
    "fd00:ec2::254",
    "100.100.100.200",
    "::ffff:169.254.169.254",
)
PUBLIC = ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822")
NAMES = {
    "docs.example": PUBLIC[:1],
    "evil.example": ("93.184.216.34", "10.0.0.1"),
    "internal.example": ("10.0.0.1",),
    "two.example": ("93.184.216.34", "93.184.216.35"),
}


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_refused_unless_it_is_allowed(address: str) -> None:
    with pytest.raises(CatalogError, match="internal address") as raised:
        FetchRules().check_addresses("x.example", [PUBLIC[0], address])
    assert "catalog_internal" in raised.value.hint
    FetchRules(internal=True).check_addresses("x.example", [address])


@pytest.mark.parametrize("address", METADATA)
@pytest.mark.parametrize("internal", [False, True])
def test_where_clouds_hand_out_credentials_is_never_read(address: str, internal: bool) -> None:
    with pytest.raises(CatalogError, match="credentials"):
        FetchRules(internal=internal).check_addresses("x.example", [address])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    FetchRules().check_addresses("x.example", [address])


@pytest.mark.parametrize(
    ("allowed", "host", "good"),
    [
        ("example.com", "example.com", True),
        ("Example.com", "EXAMPLE.com.", True),
        ("example.com", "api.example.com", False),
        ("*.example.com", "api.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "evilexample.com", False),
        ("example.com", "example.com.evil.example", False),
    ],
)
def test_hosts_are_allowed_by_name(allowed: str, host: str, good: bool) -> None:
    rules = FetchRules(hosts=("other.example", allowed))
    if good:
        rules.check_host("https", host)
        return
    with pytest.raises(CatalogError, match="not among the allowed ones") as raised:
        rules.check_host("https", host)
    assert "catalog_hosts" in raised.value.hint


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", ""])
def test_only_http_is_fetched(scheme: str) -> None:
    with pytest.raises(CatalogError, match="by http or https"):
        FetchRules().check_host(scheme, "example.com")


# -- the transport -------------------------------------------------------------------------------


Handler = Callable[[httpx2.Request], httpx2.Response]


async def got(url: str, handler: Handler, rules: FetchRules | None = None) -> httpx2.Response:
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        assert port in (80, 443, 8443)
        return NAMES[host]

    inner = httpx2.MockTransport(handler)
    transport = GuardedTransport(rules or FetchRules(), resolve=resolve, inner=inner)
    async with client_over(transport) as client:
        return await client.get(url, follow_redirects=True)


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, text="components: []")

    response = await got("https://docs.example:8443/x?y=1", answer)
    (sent,) = seen
    assert str(sent.url) == "https://93.184.216.34:8443/x?y=1"
    assert sent.headers["host"] == "docs.example:8443"
    assert sent.extensions["sni_hostname"] == "docs.example"
    assert (response.text, str(response.url)) == (
        "components: []",
        "https://docs.example:8443/x?y=1",
    )


async def test_the_next_address_is_tried() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "93.184.216.34":
            raise httpx2.ConnectError("refused")
        return httpx2.Response(200, text=request.url.host)

    assert (await got("http://two.example/", answer)).text == "93.184.216.35"


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("http://internal.example/", "internal address"),
        ("http://evil.example/", "internal address"),
        ("https://two.example/", "not among the allowed ones"),
        ("file:///etc/passwd", "by http or https"),
    ],
)
async def test_each_redirect_is_checked(location: str, message: str) -> None:
    reached: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        reached.append(request.headers["host"])
        return httpx2.Response(302, headers={"Location": location})

    names = ("docs.example", "internal.example", "evil.example")
    with pytest.raises(CatalogError, match=message):
        await got("https://docs.example/", answer, FetchRules(hosts=names))
    assert reached == ["docs.example"]


async def test_there_are_at_most_five_redirects() -> None:
    hops: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        hops.append(request.url.path)
        return httpx2.Response(302, headers={"Location": f"/{len(hops)}"})

    with pytest.raises(httpx2.TooManyRedirects):
        await got("http://docs.example/", answer)
    assert len(hops) == 6


async def test_what_comes_packed_is_refused() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx2.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Nothing())

    with pytest.raises(CatalogError, match="packed"):
        await got("http://docs.example/", answer)


class _Nothing(httpx2.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("a packed answer is not read")
        yield b""


# -- a real server -------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    over = Event()

    def do_GET(self) -> None:
        if self.path == "/never":
            self.over.wait()
            return
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.end_headers()
        if self.path == "/endless":
            self._send_without_end()
        elif self.path == "/small":
            self.wfile.write(b"hello")

    def _send_without_end(self) -> None:
        try:
            while True:
                self.wfile.write(b" " * 1_000_000)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def address() -> Iterator[str]:
    _Handler.over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Handler.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


LOOPBACK = FetchRules(internal=True)


async def test_a_document_is_fetched_also_within_a_loop(address: str) -> None:
    assert fetch(f"{address}/small", LOOPBACK) == b"hello"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "[::1]"])
def test_no_form_of_an_internal_address_gets_through(host: str) -> None:
    with pytest.raises(CatalogError, match=r"internal address|cannot be fetched") as raised:
        fetch(f"http://user:s3cret@{host}:9/x?key=s3cret")
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_size_is_limited(address: str) -> None:
    with pytest.raises(CatalogError, match=f"more than {MAX_FETCHED // 1_000_000} MB"):
        fetch(f"{address}/endless", LOOPBACK)


def test_time_is_limited(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.3)
    with pytest.raises(CatalogError, match=r"within 0\.3 seconds"):
        fetch(f"{address}/never", LOOPBACK)


def test_a_redirect_from_an_allowed_server_leads_nowhere_else(address: str) -> None:
    with pytest.raises(CatalogError, match="credentials"):
        fetch(f"{address}/away", LOOPBACK)


@pytest.mark.parametrize("prefix", ["", "mcp+"])
def test_the_settings_decide(address: str, prefix: str) -> None:
    source = f"{prefix}{address}/small"
    with pytest.raises(CatalogError, match="internal address"):
        open_catalog(Settings(catalog=(source,), builtin=False))
    named = Settings(
        catalog=(source,), builtin=False, catalog_internal=True, catalog_hosts=("a.example",)
    )
    with pytest.raises(CatalogError, match=r"not among the allowed ones: a\.example"):
        open_catalog(named)


def test_an_address_is_shown_without_its_secrets() -> None:
    assert shown_address("https://u:p@example.com:8443/a?b=c#d") == "https://example.com:8443/a"
    assert shown_address("http://u:p@[::1]/a?b") == "http://[::1]/a"
    assert shown_address("http://u:p@x:port/a?b") == "x:port/a"
