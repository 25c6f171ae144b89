"""Text: put together, take apart, change, encode."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import Regex
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError, nearest

__all__: list[str] = []


class TextCount(TypedDict):
    """How long a text is.

    Attributes:
        characters: number of characters.
        words: number of words.
        lines: number of lines.
    """

    characters: int
    words: int
    lines: int


@contextmanager
def _pattern_errors(pattern: str) -> Generator[None]:
    try:
        yield
    except (re.error, IndexError) as error:
        raise ComponentError(f"{pattern!r} is no regular expression: {error}.") from error


@component(
    id="text.template",
    title="Fill in a template",
    keywords=["message", "compose text", "placeholders", "merge fields", "format text"],
    kind="transform",
)
def template(template: str, values: dict[str, Any]) -> str:
    """Fill the {{name}} placeholders of a template with values, and return the text.

    Args:
        template: text with placeholders such as {{customer}} or {{order.total}}.
        values: the values by name; a dot reaches into nested objects.
    """

    def fill(match: re.Match[str]) -> str:
        found: Any = values
        for part in match[1].split("."):
            if not isinstance(found, dict) or part not in found:
                raise ComponentError(
                    f"The template names {match[1]!r}, which has no value.",
                    hint=nearest(part, list(found) if isinstance(found, dict) else []),
                )
            found = found[part]
        return str(found)

    return re.sub(r"\{\{\s*([\w.-]+)\s*\}\}", fill, template)


@component(
    id="text.join",
    title="Join texts",
    keywords=["concatenate", "combine", "bullet list", "comma separated", "list to text"],
    kind="transform",
)
def join(items: list[Any], separator: str = "\n", prefix: str = "") -> str:
    """Join the items of a list into one text.

    Args:
        items: the items; what is no text is written as text.
        separator: what stands between two items; a new line if left out.
        prefix: what stands before each item, such as "- ".
    """
    return separator.join(f"{prefix}{item}" for item in items)


@component(
    id="text.split",
    title="Split text",
    keywords=["separate", "by comma", "lines", "tokens", "text to list"],
    kind="transform",
)
def split(text: str, separator: str = "\n", skip_empty: bool = True) -> list[str]:
    """Split a text at a separator, and return the parts without surrounding spaces.

    Args:
        text: the text to split.
        separator: what stands between two parts; a new line if left out.
        skip_empty: whether empty parts are left out.
    """
    if not separator:
        raise ComponentError("The separator is empty.")
    parts = [part.strip() for part in text.split(separator)]
    return [part for part in parts if part or not skip_empty]


@component(
    id="text.replace",
    title="Replace text",
    keywords=["substitute", "find and replace", "swap", "remove text", "regex replace"],
    kind="transform",
)
def replace(text: str, find: str, replacement: str = "", use_regex: bool = False) -> str:
    """Replace each place where a text or pattern occurs, and return the changed text.

    Args:
        text: the text to change.
        find: what to look for.
        replacement: what takes its place; nothing if left out.
        use_regex: whether find is a regular expression.
    """
    if not use_regex:
        return text.replace(find, replacement)
    with _pattern_errors(find):
        return re.sub(find, replacement, text)


@component(
    id="text.extract",
    title="Extract by pattern",
    keywords=["regex", "regular expression", "find all", "match", "parse text", "capture"],
    kind="transform",
)
def extract(text: str, pattern: Regex, ignore_case: bool = False) -> list[str]:
    """Return each part of a text that a regular expression matches; its first group if it has one.

    Args:
        text: the text to search.
        pattern: the regular expression.
        ignore_case: whether capitals and small letters count as equal.
    """
    with _pattern_errors(pattern):
        found = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return [match[1] if found.groups else match[0] for match in found.finditer(text)]


_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_LINK = r"https?://[^\s<>\"'\])}]+[^\s<>\"'\])}.,;:!?]"


@component(
    id="text.extract_emails",
    title="Extract e-mail addresses",
    keywords=["find emails", "addresses", "contacts"],
    kind="transform",
)
def extract_emails(text: str) -> list[str]:
    """Return the e-mail addresses that occur in a text, each once.

    Args:
        text: the text to search.
    """
    return list(dict.fromkeys(re.findall(_EMAIL, text)))


@component(
    id="text.extract_links",
    title="Extract links",
    keywords=["find urls", "web addresses", "hyperlinks"],
    kind="transform",
)
def extract_links(text: str) -> list[str]:
    """Return the http and https links that occur in a text, each once.

    Args:
        text: the text to search.
    """
    return list(dict.fromkeys(re.findall(_LINK, text)))


@component(
    id="text.contains",
    title="Check whether text contains",
    keywords=["includes", "mentions", "keyword", "has word", "search text"],
    kind="transform",
)
def contains(text: str, find: str, ignore_case: bool = True) -> bool:
    """Return whether a text contains another.

    Args:
        text: the text to search.
        find: what to look for.
        ignore_case: whether capitals and small letters count as equal.
    """
    return find.casefold() in text.casefold() if ignore_case else find in text


_CASES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "sentence": lambda text: text[:1].upper() + text[1:].lower(),
}


@component(
    id="text.change_case",
    title="Change case",
    keywords=["uppercase", "lowercase", "capitalize", "capitals", "title case"],
    kind="transform",
)
def change_case(text: str, case: Literal["upper", "lower", "title", "sentence"]) -> str:
    """Write a text in capital letters, in small letters, or with first letters capital.

    Args:
        text: the text to change.
        case: upper, lower, title (each word) or sentence (the first letter).
    """
    return _CASES[case](text)


@component(
    id="text.trim",
    title="Trim text",
    keywords=["strip", "whitespace", "clean up", "spaces"],
    kind="transform",
)
def trim(text: str, collapse: bool = False) -> str:
    """Remove the spaces and blank lines around a text.

    Args:
        text: the text to trim.
        collapse: whether each run of spaces inside becomes one space.
    """
    return " ".join(text.split()) if collapse else text.strip()


@component(
    id="text.truncate",
    title="Shorten text",
    keywords=["cut", "limit length", "ellipsis", "preview", "max characters"],
    kind="transform",
)
def truncate(text: str, length: Annotated[int, Field(ge=1)], ending: str = "…") -> str:
    """Cut a text that is longer than a given length, and mark the cut.

    Args:
        text: the text to shorten.
        length: how many characters the result has at most.
        ending: what marks the cut.
    """
    if len(text) <= length:
        return text
    return text[: max(0, length - len(ending))].rstrip() + ending[:length]


@component(
    id="text.slugify",
    title="Make a slug",
    keywords=["url name", "file name", "permalink", "sanitize"],
    kind="transform",
    output={"type": "string", "format": "slug"},
)
def slugify(text: str) -> str:
    """Turn a text into small letters, digits and hyphens, fit for a URL or a file name.

    Args:
        text: the text to turn.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


@component(
    id="text.count",
    title="Count words",
    keywords=["length", "word count", "characters", "how long"],
    kind="transform",
)
def count(text: str) -> TextCount:
    """Count the characters, words and lines of a text.

    Args:
        text: the text to count.
    """
    return {
        "characters": len(text),
        "words": len(text.split()),
        "lines": len(text.splitlines()),
    }


@component(
    id="text.hash",
    title="Hash text",
    keywords=["checksum", "sha256", "md5", "fingerprint", "digest"],
    kind="transform",
    output={"type": "string", "format": "hex"},
)
def hash_text(text: str, algorithm: Literal["sha256", "sha1", "sha512", "md5"] = "sha256") -> str:
    """Return the hash of a text in hexadecimal digits.

    Args:
        text: the text to hash.
        algorithm: the hash function.
    """
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


@component(
    id="text.encode_base64",
    title="Encode as Base64",
    keywords=["base 64", "encode"],
    kind="transform",
)
def encode_base64(text: str) -> str:
    """Encode a text as Base64.

    Args:
        text: the text to encode.
    """
    return base64.b64encode(text.encode()).decode()


@component(
    id="text.decode_base64",
    title="Decode Base64",
    keywords=["base 64", "decode"],
    kind="transform",
)
def decode_base64(data: str) -> str:
    """Decode Base64 into text.

    Args:
        data: the Base64 characters; what they stand for must be text in UTF-8.
    """
    try:
        return base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ComponentError(f"The data is no text in Base64: {error}.") from error


@component(
    id="text.encode_url",
    title="Encode for a URL",
    keywords=["percent encode", "escape", "query string"],
    kind="transform",
)
def encode_url(text: str) -> str:
    """Encode a text so that it can stand in a URL.

    Args:
        text: the text to encode.
    """
    return quote(text, safe="")


@component(
    id="text.decode_url",
    title="Decode URL text",
    keywords=["percent decode", "unescape"],
    kind="transform",
)
def decode_url(text: str) -> str:
    """Decode a text whose special characters are percent-encoded.

    Args:
        text: the text to decode.
    """
    return unquote(text)
