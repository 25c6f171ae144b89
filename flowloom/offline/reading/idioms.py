"""Turns of phrase put into plain actions: "take the file" is "read the file"."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.reading.row_filters import ROWS, WHERE, filters, kept_not_left_out

__all__ = ["AGGREGATE", "plain_actions"]

AGGREGATE = re.compile(
    r"\b(?:totals?|sums?|sum up|add up|averages?|mean|how many|count|number of|maximum|minimum"
    r"|highest|lowest"
    r"|median|aggregate|group)\b",
    re.I,
)
"""Words for one figure made of many: with them "for each" groups, and makes no loop."""
_COUNT = r"(?P<count>\d+|" + "|".join(NUMBERS) + ")"
_ORDERS = {
    "newest": "descending", "latest": "descending", "most recent": "descending",
    "highest": "descending", "largest": "descending", "biggest": "descending",
    "most expensive": "descending", "best": "descending", "top": "descending",
    "longest": "descending", "oldest": "ascending", "earliest": "ascending", "lowest": "ascending",
    "smallest": "ascending", "cheapest": "ascending", "worst": "ascending", "bottom": "ascending",
    "shortest": "ascending",
}  # fmt: skip
_BEST = "|".join(sorted(_ORDERS, key=len, reverse=True))
_TOP = re.compile(
    rf"^(?P<verb>\w+)\s+(?:me\s+)?(?:only\s+)?(?:the\s+)?(?:(?P<best>{_BEST})\s+{_COUNT}|"
    rf"{_COUNT.replace('count', 'count2')}\s+(?P<best2>{_BEST}))\s+(?P<what>[\w ]+?)"
    r"(?P<source>\s+(?:of|in|from)\s+(?:the\s+)?(?:file\s+|table\s+)?⟦\d+⟧)?"
    r"\s*,?\s*\(?(?:\s*(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?|measured|going))?\s*(?:by|with "
    r"the (?P<most>highest"
    r"|lowest|largest|smallest|most|least|latest|newest|earliest))\s+"
    r"(?:(?:the|their)\s+)?(?:column\s+|field\s+)?(?P<field>⟦\d+⟧|[\w]+)(?:\s+column)?"
    r"(?:\s*,\s*[\w ]+\b)?\s*\)?(?P<rest>\s+.*)?$",
    re.I,
)
_SAVED = re.compile(
    r"(?:,\s*(?:and\s+)?|\s+and\s+|\s+)(?:saved|stored|written|exported|kept|placed|put)\s+"
    r"(?:in|to|as|into|under|at)\s+(?P<file>(?:a\s+|the\s+)?(?:[\w]+\s+){0,3}⟦\d+⟧)\s*$",
    re.I,
)
_INTO = re.compile(
    r"^(?P<verb>get|put|read|list|export|collect|gather|fetch|pull|select|take"
    r"|find)\b(?P<what>.+?)\s+"
    r"(?:(?:in)?to\s+(?P<file>(?:an?\s+|the\s+)?(?:\w+\s+){0,2}file\s+(?:(?:called"
    r"|named)\s+)?⟦\d+⟧)"
    r"|into\s+(?P<file2>⟦\d+⟧))\s*$",
    re.I,
)
_AS_TABLE = re.compile(r"\s+(?:as|into|in)\s+an?\s+(?P<form>markdown|html)\s+table\b", re.I)
_AGGREGATES = (
    r"(?P<how>totals?|sums?|averages?|means?|number|counts?|maximum|minimum|max|min|highest|lowest"
    r"|median)"
)
_TOTAL = re.compile(
    rf"^(?:show|tell|give|get|find|calculate|compute|work out|determine|report|make|build"
    rf"|create)\s+"
    rf"(?:me\s+|us\s+)?(?:the\s+|a\s+)?{_AGGREGATES}\s+(?:value\s+|amount\s+)?(?:of"
    rf"|for)\s+(?P<what>.+)$",
    re.I,
)
_HOW_MANY = re.compile(
    r"^(?:show|tell|give|get|find|calculate|compute|work out|determine|report)\s+(?:out\s+)?"
    r"(?:me\s+|us\s+)?"
    r"how many\s+(?P<what>\w+)(?:\s+(?:there are|are there|there is|exist|are))?",
    re.I,
)
_FOR_EACH = re.compile(
    r"\s+(?:for each|for every|per|by each|in each|grouped by|of each)\s+(?P<group>⟦\d+⟧|\w+)", re.I
)
_AGGREGATE_VERBS = {
    "total": "sum", "sum": "sum", "average": "average", "mean": "average", "number": "count",
    "count": "count", "max": "maximum", "min": "minimum", "highest": "maximum",
    "lowest": "minimum", "maximum": "maximum", "minimum": "minimum", "median": "median",
}  # fmt: skip
_ADVERB = re.compile(
    r",?\s+(?:afterwards?|after that|thereafter|right away|immediately|straight away|for me|for us"
    r"|automatically|please|again)$",
    re.I,
)
_FIRST = re.compile(
    rf"^(?P<front>(?!take|get|read|list|find|fetch|select|keep|retrieve|query|search|load|pick"
    rf"|show)[a-z]+\s.*?)"
    rf"\b(?:the|its|their)\s+(?:first|top)\s+{_COUNT}\s+(?P<what>\w+)"
    r"(?P<of>\s+(?:of|in|from)\s+⟦\d+⟧)?(?P<rest>\b.*)$",
    re.I,
)
_LINES = re.compile(
    r"^(?:read|get|retrieve|load|take|list)\s+(?:all\s+)?(?:the\s+)?(?:single\s+)?lines?\s+(?:of"
    r"|from|in)\s+"
    r"(?:the\s+)?(?:text\s+)?(?:file\s+)?(?P<file>⟦\d+⟧)$",
    re.I,
)
_MOST = re.compile(
    rf"^(?:\w+)\s+(?:me\s+)?(?:only\s+)?(?:the\s+)?{_COUNT}\s+(?P<what>\w+)"
    r"(?P<source>\s+(?:of|in|from)\s+⟦\d+⟧)?\s+with\s+the\s+(?P<most>highest|lowest|largest"
    r"|smallest|biggest|most"
    r"|fewest|least|latest|newest|oldest|earliest)\s+(?P<field>\w+)(?P<source2>\s+(?:of|in"
    r"|from)\s+⟦\d+⟧)?$",
    re.I,
)
_LINE_BY_LINE = re.compile(r"^(?P<read>(?:read|go through)\s+.*⟦\d+⟧)\s+line by line$", re.I)
_FOUND_WITH = re.compile(
    rf"^(?:find|get|look up|select|look for|search for|pick|extract)\s+(?P<all>all\s+)?(?:the\s+"
    rf"|those\s+)?"
    rf"(?P<what>{ROWS})\s+(?P<where>where|whose|with|that|which)\s+(?P<clause>.+?)\s+(?:in|of"
    rf"|from)\s+"
    r"(?:the\s+)?(?:file\s+|table\s+)?(?P<file>⟦\d+⟧)$",
    re.I,
)
_CASE = re.compile(
    r"^(?:turn|convert|change|put|make|set|transform)\s+(?P<what>.+?)\s+(?:in)?(?:to\s+)?"
    r"(?:all\s+)?"
    r"(?P<case>upper|lower|title)[ -]?case(?:\s+letters)?$",
    re.I,
)
_FOUND_IN = re.compile(
    rf"^(?:find|get|look up|select|look for|search for|search|pick|extract)\s+(?P<all>all\s+)?"
    rf"(?:the\s+|those\s+)?"
    rf"(?P<what>{ROWS})\s+(?:in|of|from)\s+(?:the\s+)?(?:file\s+|table\s+)?(?P<file>⟦\d+⟧)\s+"
    rf"(?P<clause>(?:where|whose|with|that|which)\b.+)$",
    re.I,
)
_TAKEN = re.compile(
    r"^(?:take|get|use|load)\s+(?:the\s+)?(?:text|contents?|data|rows|table)\s+(?:from|of|in)\s+"
    r"(?:the\s+)?(?:file\s+)?(?=⟦\d+⟧\s*$)",
    re.I,
)
_SIMPLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^(?:take|open|load|use|grab)\s+(?:the\s+)?(?:file\s+)?(?=⟦\d+⟧\s*$)", re.I),
        "read ",
    ),
    (
        re.compile(r"^(?:only\s+)?(?:keep|retain|leave|select|pick)\s+(?:only\s+|just\s+)?"
                   r"(?:the\s+|those\s+|these\s+|its\s+)?"
                   r"(?:columns?|fields?)\s+(?P<what>.+)$", re.I),
        r"keep only the fields \g<what>",
    ),
    (
        re.compile(rf"^(?:only\s+)?(?:keep|retain|leave)\s+(?:only\s+|just\s+)?(?:the\s+|all\s+)*"
                   rf"(?P<what>{ROWS}(?:\s+{ROWS})?)\s+(?P<where>{WHERE}\b.*)$", re.I),
        r"filter the \g<what> \g<where>",
    ),
    (
        re.compile(r"^(?:remove|delete|drop|eliminate|get rid of)\s+(?:the\s+|any\s+|all\s+)*"
                   r"(?:(?:duplicated?|repeated)\s+\w+(?<!\sby)|duplicates?)\b", re.I),
        "deduplicate the rows",
    ),
    (re.compile(r"^put\s+(?=(?:it|them|this|that|these|those|the (?:result|output)s?)\s+"
                r"(?:in|to)\b)",
                re.I), "write "),
)  # fmt: skip


def plain_actions(text: str) -> list[str]:
    """Return the plain actions that one action in a turn of phrase stands for."""
    rest = _ADVERB.sub("", text)
    if match := _CASE.match(rest):
        return [f"change the case of {match.group('what')} to {match.group('case').lower()}"]
    if match := _FOUND_WITH.match(rest):
        many = match.group("what").lower().endswith("s") or match.group("all")
        clause = f"{match.group('where')} {match.group('clause')}"
        if pair := re.match(r"^with\s+(?:the\s+|an?\s+)?(\w+)\s+(⟦\d+⟧|\S+)$", clause, re.I):
            clause = f"where {pair.group(1)} is {pair.group(2)}"
        verb = "filter" if many else "find"
        return [f"read {match.group('file')}", f"{verb} the {match.group('what')} {clause}"]
    if match := _LINE_BY_LINE.match(rest):
        return [
            re.sub(r"^go through", "read", match.group("read"), flags=re.I),
            "split it into lines",
        ]
    if match := _MOST.match(rest):
        return _most(match)
    if match := _LINES.match(rest):
        return [f"read {match.group('file')}", "split it into lines"]
    if match := _FOUND_IN.match(rest):
        many = match.group("what").lower().endswith("s") or match.group("all")
        verb = "filter" if many else "find"
        return [f"read {match.group('file')}",
                f"{verb} the {match.group('what')} {match.group('clause')}"]  # fmt: skip
    if match := _FIRST.match(rest):
        of = match.group("of") or ""
        what, rest = match.group("what"), match.group("rest")
        first = f"take the first {match.group('count')} {what}{of}"
        return [first, f"{match.group('front')}the {what}{rest}"]
    after: list[str] = []
    if match := _SAVED.search(rest):
        after.insert(0, f"write it to {_bare_file(match.group('file'))}")
        rest = rest[: match.start()]
    if match := _INTO.match(rest):
        file = match.group("file") or match.group("file2")
        after.insert(0, f"write it to {_bare_file(file)}")
        rest = match.group("verb") + match.group("what")
    if match := _AS_TABLE.search(rest):
        after.insert(0, f"make a {match.group('form').capitalize()} table of it")
        rest = rest[: match.start()] + rest[match.end() :]
    return [part for item in _best_of(rest) for part in filters(item)] + after


def _bare_file(text: str) -> str:
    return re.sub(r"^(?:an?|the)\s+|\b(?:called|named)\s+", "", text, flags=re.I)


def _best_of(text: str) -> list[str]:
    """ "get the 10 newest rows of ⟦0⟧ by time": read, sort, and take the first."""
    match = _TOP.match(text)
    if match is None:
        return [_total(text)]
    best = (match.group("best") or match.group("best2")).lower()
    most = (match.group("most") or "").lower()
    order = "ascending" if most in ("lowest", "smallest", "least", "earliest") else _ORDERS[best]
    count, what = match.group("count") or match.group("count2"), match.group("what")
    source = re.search(r"⟦\d+⟧", match.group("source") or "")
    found = [f"read {source.group(0)}"] if source else []
    found.append(f"sort the {what} by {match.group('field')} in {order} order")
    found.append(f"take the first {count} {what}")
    rest = (match.group("rest") or "").strip()
    return found if not rest else [*found[:-1], f"{found[-1]} {rest}"]


def _most(match: re.Match[str]) -> list[str]:
    """ "the 5 rows with the highest amount": sort, and take the first."""
    low = match.group("most").lower() in (
        "lowest",
        "smallest",
        "fewest",
        "least",
        "oldest",
        "earliest",
    )
    source = re.search(r"⟦\d+⟧", (match.group("source") or "") + (match.group("source2") or ""))
    what, order = match.group("what"), "ascending" if low else "descending"
    found = [f"read {source.group(0)}"] if source else []
    found.append(f"sort the {what} by {match.group('field')} in {order} order")
    return [*found, f"take the first {match.group('count')} {what}"]


def _total(text: str) -> str:
    text = _HOW_MANY.sub(r"count the \g<what>", text)
    """ "show the total of the amount for each city": "sum the amount by city"."""
    match = _TOTAL.match(text)
    if match is None:
        counts = text.startswith("count the ")
        return _FOR_EACH.sub(r" by \g<group>", text) if counts else _simple(text)
    what = _FOR_EACH.sub(lambda found: f" by {found.group('group')}", match.group("what"))
    how = match.group("how").lower()
    verb = _AGGREGATE_VERBS.get(how) or _AGGREGATE_VERBS.get(how.rstrip("s"), how)
    if verb in ("maximum", "minimum", "median"):
        return f"calculate the {verb} of {what}"
    return f"{verb} {what}"


def _simple(text: str) -> str:
    text = _TAKEN.sub("read ", text)
    if (kept := kept_not_left_out(text)) != "":
        return kept
    for pattern, instead in _SIMPLE:
        if pattern.match(text):
            return pattern.sub(instead, text, count=1)
    return text
