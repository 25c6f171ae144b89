"""HTTP requests."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.files import Written, write_atomically
from flowloom.catalog.builtin.hints import FilePath, Url
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

if TYPE_CHECKING:
    import httpx

__all__: list[str] = []

Query: TypeAlias = dict[str, str | int | float | bool]
Headers: TypeAlias = dict[str, str]
Timeout: TypeAlias = Annotated[float, Field(gt=0, le=600)]
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class Response(TypedDict):
    """The answer to an HTTP request.

    Attributes:
        status: the status code, such as 200.
        ok: whether the status is below 400.
        headers: the answer's headers, names in small letters.
        body: the data when the answer is JSON, else its text.
        text: the answer as text.
        url: the address that answered, after redirects.
    """

    status: int
    ok: bool
    headers: Headers
    body: Any
    text: str
    url: Url


def _answer(response: httpx.Response) -> Response:
    body: Any = response.text
    if "json" in response.headers.get("content-type", ""):
        # A server may call its text JSON by mistake: then the text is what it sent.
        with contextlib.suppress(json.JSONDecodeError):
            body = response.json()
    return {
        "status": response.status_code,
        "ok": response.status_code < 400,
        "headers": dict(response.headers),
        "body": body,
        "text": response.text,
        "url": str(response.url),
    }


def _content(body: Any) -> dict[str, Any]:
    if body is None:
        return {}
    return {"content": body} if isinstance(body, str) else {"json": body}


def _send(
    method: str,
    url: str,
    *,
    query: Query | None,
    headers: Headers | None,
    timeout: float,
    fail_on_error: bool,
    content: Mapping[str, Any] | None = None,
) -> httpx.Response:
    import httpx

    try:
        with httpx.Client(follow_redirects=True, timeout=timeout) as client:
            # An empty query would take away the one that the URL has.
            response = client.request(
                method, url, params=query or None, headers=headers or {}, **(content or {})
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ComponentError(
            f"{method} {url} failed: {error or type(error).__name__}.",
            hint="Check the address and whether the server can be reached.",
        ) from error
    if fail_on_error and response.status_code >= 400:
        raise ComponentError(
            f"{method} {url} answered {response.status_code}: {response.text[:200]!r}.",
            hint="Set fail_on_error to false to handle such answers in the workflow.",
        )
    return response


@component(
    id="http.request",
    title="Send an HTTP request",
    keywords=["api call", "rest", "fetch", "custom request", "endpoint"],
    provider="HTTP",
    effect="write",
)
def request(
    method: Method,
    url: Url,
    query: Query | None = None,
    headers: Headers | None = None,
    body: Any = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Send an HTTP request with any method, and return the status, headers and body.

    Args:
        method: the HTTP method.
        url: the address.
        query: parameters to add to the address.
        headers: headers to send.
        body: what to send; text goes as it is, anything else as JSON.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            method,
            url,
            query=query,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
            content=_content(body),
        )
    )


@component(
    id="http.get",
    title="Fetch a web page or API",
    keywords=["download", "fetch", "call api", "web page", "scrape", "get url", "rest"],
    provider="HTTP",
)
def get(
    url: Url,
    query: Query | None = None,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Fetch an address with HTTP GET, and return the status, headers and body.

    Args:
        url: the address.
        query: parameters to add to the address.
        headers: headers to send.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            "GET",
            url,
            query=query,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
        )
    )


@component(
    id="http.post",
    title="Post data to an API",
    keywords=["send", "submit", "create", "webhook call", "call api", "rest"],
    provider="HTTP",
    effect="write",
)
def post(
    url: Url,
    body: Any = None,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Send data to an address with HTTP POST, and return the status, headers and body.

    Args:
        url: the address.
        body: what to send; text goes as it is, anything else as JSON.
        headers: headers to send.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            "POST",
            url,
            query=None,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
            content=_content(body),
        )
    )


@component(
    id="http.put",
    title="Put data to an API",
    keywords=["update", "replace", "call api", "rest"],
    provider="HTTP",
    effect="write",
)
def put(
    url: Url,
    body: Any = None,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Replace what an address holds with HTTP PUT, and return the status, headers and body.

    Args:
        url: the address.
        body: what to send; text goes as it is, anything else as JSON.
        headers: headers to send.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            "PUT",
            url,
            query=None,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
            content=_content(body),
        )
    )


@component(
    id="http.patch",
    title="Patch data of an API",
    keywords=["update", "change fields", "modify", "call api", "rest"],
    provider="HTTP",
    effect="write",
)
def patch(
    url: Url,
    body: Any = None,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Change part of what an address holds with HTTP PATCH, and return status, headers and body.

    Args:
        url: the address.
        body: what to send; text goes as it is, anything else as JSON.
        headers: headers to send.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            "PATCH",
            url,
            query=None,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
            content=_content(body),
        )
    )


@component(
    id="http.delete",
    title="Delete through an API",
    keywords=["remove", "call api", "rest"],
    provider="HTTP",
    effect="destructive",
)
def delete(
    url: Url,
    headers: Headers | None = None,
    timeout: Timeout = 30.0,
    fail_on_error: bool = True,
) -> Response:
    """Delete what an address holds with HTTP DELETE, and return the status, headers and body.

    Args:
        url: the address.
        headers: headers to send.
        timeout: seconds to wait at most.
        fail_on_error: whether a status of 400 or more is a failure.
    """
    return _answer(
        _send(
            "DELETE",
            url,
            query=None,
            headers=headers,
            timeout=timeout,
            fail_on_error=fail_on_error,
        )
    )


@component(
    id="http.download",
    title="Download a file",
    keywords=["save", "fetch file", "image", "pdf", "attachment"],
    provider="HTTP",
    effect="write",
)
def download(
    url: Url, path: FilePath, headers: Headers | None = None, timeout: Timeout = 60.0
) -> Written:
    """Download what an address holds to a file, and return its path and size.

    Args:
        url: the address.
        path: the file to write.
        headers: headers to send.
        timeout: seconds to wait at most.
    """
    response = _send("GET", url, query=None, headers=headers, timeout=timeout, fail_on_error=True)
    return write_atomically(Path(path).expanduser(), response.content)


@component(
    id="http.upload",
    title="Upload a file",
    keywords=["send file", "multipart", "form", "attachment"],
    provider="HTTP",
    effect="write",
)
def upload(
    url: Url,
    path: FilePath,
    field: str = "file",
    fields: dict[str, str] | None = None,
    headers: Headers | None = None,
    timeout: Timeout = 60.0,
) -> Response:
    """Send a file to an address as a multipart form, and return the status, headers and body.

    Args:
        url: the address.
        path: the file to send.
        field: the form field that carries the file.
        fields: other form fields.
        headers: headers to send.
        timeout: seconds to wait at most.
    """
    file = Path(path).expanduser()
    form = {"files": {field: (file.name, file.read_bytes())}, "data": fields or {}}
    return _answer(
        _send(
            "POST",
            url,
            query=None,
            headers=headers,
            timeout=timeout,
            fail_on_error=True,
            content=form,
        )
    )
