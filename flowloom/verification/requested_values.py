"""The values that a request names (quotes, numbers, dates, addresses), and their other forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Value", "is_written", "values_in"]

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_VALUE = re.compile(
    r"(?P<marker>(?:\A|(?<=[\n:;.,]))[ \t]*\(?\d{1,2}[.)](?=\s))"
    r"|\"(?P<double>[^\"]{1,200})\"|“(?P<curly>[^”]{1,200})”"
    r"|(?<!\w)'(?P<single>[^']{1,200})'(?!\w)"
    r"|(?P<link>https?://[^\s,;]+[^\s,;.])"
    r"|(?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<channel>(?<!\w)#[\w-]+)"
    r"|(?<![\w/-])(?P<iso>(?P<iy>\d{4})-(?P<im>\d\d)-(?P<id>\d\d))(?![\w/])"
    rf"|(?<!\w)(?P<dm>(?P<dm_d>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<dm_m>{_MONTH})"
    r"(?:,?\s+\d{4})?)(?!\w)"
    rf"|(?<!\w)(?P<md>(?P<md_m>{_MONTH})\s+(?P<md_d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)"
    r"(?![\w:])"
    r"|(?<![\w.:])(?P<clock>(?P<c_h>\d{1,2})(?::(?P<c_m>\d\d))(?:\s*(?P<c_p>[ap])\.?m\b)?)(?![\w:])"
    r"|(?<![\w.:])(?P<hour>(?P<h_h>\d{1,2})\s*(?P<h_p>[ap])\.?m\b)"
    r"|(?<!\w)(?P<word>noon|midnight)\b"
    r"|(?<![\w.,:/#-])(?P<span>(?P<s_n>\d+(?:\.\d+)?)[\s-]*(?P<s_u>seconds?|secs?|minutes?|mins?"
    r"|hours?|days?|weeks?|months?|years?))\b"
    r"|(?<![\w.,:/#-])(?P<percent>(?P<p_n>\d+(?:\.\d+)?)\s*(?:%|percent\b))"
    r"|(?<![\w.,:/#-])[$€£]?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?![\w:/-]|[.,]\d)",
    re.IGNORECASE,
)
_PLAIN = ("double", "curly", "single", "link", "address", "channel")
_SCALES = (1, 7, 12, 24, 60, 1000, 1440, 3600, 86_400, 604_800)


@dataclass(frozen=True)
class Value:
    """One value of a request.

    Attributes:
        text: as it stands there.
        forms: regular expressions; the value is written where all of one tuple are found.
    """

    text: str
    forms: tuple[tuple[str, ...], ...]


def values_in(request: str) -> Iterator[Value]:
    """Yield the values that a request names, in its order."""
    for match in _VALUE.finditer(request):
        if match["marker"] is None:  # the number of a list's entry is no value
            yield _value(match)


def is_written(value: Value, text: str) -> bool:
    """Return whether a value stands in a text (in small letters), in any of its forms."""
    return any(all(re.search(part, text) for part in form) for form in value.forms)


def _value(match: re.Match[str]) -> Value:
    for name in _PLAIN:
        if match[name] is not None:
            return Value(match[name], (_literal(match[name]),))
    text = match[0]
    if match["iso"]:
        return Value(text, _date(match["iso"], int(match["im"]), int(match["id"])))
    for kind in ("dm", "md"):
        if match[kind]:
            month = _MONTHS.index(match[f"{kind}_m"][:3].lower()) + 1
            return Value(text, _date(text, month, int(match[f"{kind}_d"])))
    if match["span"]:
        return Value(text, _span(float(match["s_n"])))
    if match["percent"]:
        share = float(match["p_n"])
        return Value(text, (_number(share), _number(share / 100)))
    if match["number"]:
        plain = match["number"].replace(",", "")
        return Value(match["number"], (_literal(match["number"]), _number(float(plain))))
    return Value(text, (_literal(text), *_time(match)))


def _literal(text: str) -> tuple[str, ...]:
    return (re.escape(_as_json(text).lower()),)


def _as_json(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _number(number: float) -> tuple[str, ...]:
    digits = f"{number:.10f}".rstrip("0").rstrip(".")
    return (rf"(?<![\d.]){re.escape(digits)}(?:\.0+)?(?!\.?\d)",)


def _date(text: str, month: int, day: int) -> tuple[tuple[str, ...], ...]:
    return (
        _literal(text),
        (rf"(?<!\d)\d{{4}}-{month:02d}-{day:02d}(?!\d)",),
        (rf"(?<![\d/])0?{day} 0?{month}(?!\d)",),  # day and month of a cron line
        (rf"(?<!\d)0?{month}[/-]0?{day}(?!\d)",),
        (rf"(?<!\d)0?{day}[./]0?{month}(?!\d)",),
        (rf"(?<!\d){day}\S*\s+(?:of\s+)?{_MONTHS[month - 1]}",),
        (rf"{_MONTHS[month - 1]}\w*\.?\s+{day}(?!\d)",),
    )


def _time(match: re.Match[str]) -> tuple[tuple[str, ...], ...]:
    word = (match["word"] or "").lower()
    hour = 12 if word else int(match["c_h"] or match["h_h"])
    minute = int(match["c_m"] or 0)
    half = "a" if word == "midnight" else (match["c_p"] or match["h_p"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    hours = rf"(?<!\d)0?{hour}(?!\d)"
    return ((hours, rf"(?<!\d)0?{minute}(?!\d)"),) if minute else ((hours,),)


def _span(number: float) -> tuple[tuple[str, ...], ...]:
    if number == 1:
        return (("",),)  # "every 1 hour" is written without any 1
    larger = [_number(number * scale) for scale in _SCALES]
    smaller = [_number(number / scale) for scale in _SCALES[1:] if number % scale == 0]
    return (*larger, *smaller)
