"""Names of columns and fields in brackets: "people.csv (columns name, email and country)"."""

from __future__ import annotations

import re

__all__ = ["without_columns"]

_NAME = r"(?!(?:if|and|or|not|e\.g|the|a)\b)[a-z]\w*"
_COLUMNS = re.compile(
    rf"""(?ix)\s*\((?:(?:with|has|having|its|the|it\s+has)\s+)*(?:(?:columns?|fields?|headers?|header\s+row
    |keys?|properties)(?:\s+(?:are|named|called))?\s*:?\s+)?
    {_NAME}(?:\s*,\s*(?:and\s+)?{_NAME})*(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+){_NAME}\s*\)"""
)


def without_columns(text: str) -> str:
    """Return a masked request without lists of columns: they ask for nothing by themselves."""
    return _COLUMNS.sub("", text)
