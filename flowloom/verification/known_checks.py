"""What earlier documents told about an expression, for documents that say the same of its parts.

A document is checked again and again while it is mended, edited or talked about. An expression
whose text and whose variables' schemas are the same has the same type: it is not compiled again.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from itertools import count
from typing import TypeAlias

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.cel.results import Checked
from flowloom.workflow.schema_types import shape_of

__all__ = ["KnownChecks"]

Key: TypeAlias = Hashable
_MOST = 8_192
_NAMED_TYPES = ("object", "map", "array")


class KnownChecks:
    """A bounded memory of expressions that are right; safe to share between threads."""

    def __init__(self) -> None:
        self._checked: dict[Key, Checked] = {}
        self._tokens: dict[int, tuple[JsonSchema, int]] = {}
        self._contents: dict[str, int] = {}
        self._next = count()

    def get(self, key: Key) -> Checked | None:
        """Return what is known, None if nothing."""
        return self._checked.get(key)

    def keep(self, key: Key, checked: Checked) -> None:
        """Remember an expression if its outcome hangs on nothing but its key.

        A problem's message lists what else the document has. A derived object type may be one
        that the document shares between several schemas.
        """
        derived = not checked.result.exact and shape_of(checked.result.schema).kind in _NAMED_TYPES
        if checked.ok and not derived:
            if len(self._checked) >= _MOST:
                self._checked.clear()
            self._checked[key] = checked

    def token(self, schema: JsonSchema) -> int:
        """Return a number that equal schemas share, and no others."""
        found = self._tokens.get(id(schema))
        if found is not None:
            return found[1]
        content = json.dumps(schema, sort_keys=True, default=repr)
        token = self._contents.get(content)
        if token is None:
            token = self._contents[content] = next(self._next)
        if len(self._tokens) >= _MOST:
            self._tokens.clear()
            self._contents.clear()
        self._tokens[id(schema)] = (schema, token)  # keeps the schema, so its id stays taken
        return token
