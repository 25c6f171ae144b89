"""The inputs of a step that come from the data at hand: fields said, links, texts and lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.offline.filling.carrying import carried, family_of, refers_back
from flowloom.offline.filling.fill_text import TextFiller, file_in, template
from flowloom.offline.filling.input_names import (
    TITLES,
    format_of,
    is_main_text,
    item_schema,
    name_of_input,
)
from flowloom.offline.filling.linking import data_for, first_list, link, moment_from, second_list
from flowloom.offline.filling.sources import Source
from flowloom.offline.filling.wording import Mention, column_said, mentions, whole_said
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, words_of
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["DataFiller"]

_ATTACHED = re.compile(
    r"\battach\w*|\b(?:that|the|this|it as an?)\s+(?:\w+\s+)?(?:file|archive|document)\b", re.I
)


_SEVERAL = re.compile(r"\b(?:them|both|these|those|all\s+(?:of\s+them|two|three|four))\b", re.I)


@dataclass
class DataFiller(TextFiller):
    """Fills what the words do not give by themselves."""

    def fill(self, values: dict[str, Any]) -> None:
        """Add the inputs that can be filled to those that are."""
        self.filled = values
        self._attached(values)
        left = self._mentioned(values)
        for name in self.component.required:
            if name in values:
                continue
            schema = self.component.inputs[name]
            found = self._for(name, schema, left)
            if found is not None:
                values[name] = found
        self._named_as_at_the_source(values)
        self._passed_on(values)
        self._into_directory(values)
        self.doubles(values)

    # -- fields that the words name ----------------------------------------------------------

    def _mentioned(self, values: dict[str, Any]) -> list[Mention]:
        """Give each field that is said to the input of its name; return the others."""
        said = mentions(self.text, self.sources)
        for mention in list(said):
            name = self._input_for(mention, values)
            if name is not None:
                values[name] = template(mention.value.expression)
                said.remove(mention)
        return said

    def _input_for(self, mention: Mention, values: dict[str, Any]) -> str | None:
        kind = kind_of_schema(mention.value.schema)
        for name, schema in self.component.inputs.items():
            if name in values or schema.get("enum"):
                continue
            means = name_of_input(name, schema)
            wanted = name in self.component.required or name in TITLES
            labelled = tuple(singular(word) for word in mention.label.split())
            if mention.label:
                if (
                    (wanted or means.strength(labelled) >= 2.5)
                    and means.strength(labelled) >= 1.5
                    and kind_of_schema(schema) in ("string", "")
                ):
                    return name
                continue
            same = wanted and singular(mention.word.lower()) in (name, *means.full[-1:])
            form = format_of(schema)
            formed = form in ("email", "uri", "path") and (
                format_of(dict(mention.value.schema)) == form and name in self.component.required
            )
            if ((same or formed) and kind in (kind_of_schema(schema), "")) or (formed and not kind):
                return name
            if formed and kind_of_schema(schema) == "":
                return name
        return None

    # -- required inputs ---------------------------------------------------------------------

    def _for(self, name: str, schema: dict[str, Any], left: list[Mention]) -> Any:
        if format_of(schema) in ("email", "uri", "path") or _identifies(name):
            column = column_said(self.text, self.sources)
            if column is not None:
                left[:] = [item for item in left if item.value.expression != column.expression]
                return template(column.expression)
        if is_main_text(name, schema) or name in TITLES:
            return self.text_for(name, left)
        return self._data(name, schema) or self._linked(name, schema)

    def _linked(self, name: str, schema: dict[str, Any]) -> Any:
        """An item's own field, what an earlier step of the service names, a field of any output."""
        if (several := self._several(name, schema)) is not None:
            return several
        items = [source for source in self.sources if source.kind != "step"]
        found = self._link(name, schema, items)
        if found is not None:
            return found
        known = carried(self.component, name, self.text, self.past)
        if known is not None:
            if not refers_back(self.text) and not any(s.kind == "item" for s in self.sources):
                self.assumed.append(f"{name!r} is taken to be {known!r} as before.")
            return known
        return self._link(name, schema, self.sources)

    def _several(self, name: str, schema: dict[str, Any]) -> list[str] | None:
        """ "Zip them" after two downloads: what each of the last steps of one kind gives."""
        if kind_of_schema(schema) != "array" or not _SEVERAL.search(self.text):
            return None
        steps = [source for source in self.sources if source.kind == "step"]
        same = [source for source in steps if source.component == steps[0].component]
        inner = {"type": "string", **item_schema(schema)}
        found = [link(singular(name), inner, source) for source in reversed(same)]
        every = [template(expression) for expression in found if expression]
        return every if len(every) == len(same) > 1 else None

    @property
    def _works_on(self) -> frozenset[str]:
        said = re.search(r"\b(?:to|of|on) an? (.+)", self.component.description)
        words = words_of(said.group(1)) if said else []
        return frozenset(map(singular, words)) - FUNCTION_WORDS

    def _link(self, name: str, schema: dict[str, Any], sources: Sequence[Source]) -> str | None:
        family = family_of(self.component)
        for source in sources:
            known = source.kind != "step" or source is self.about or source.family == family
            if not known and format_of(schema) not in ("uri", "path", "email"):
                continue  # An id of one service means nothing to another.
            found = link(name, schema, source, works_on=self._works_on)
            if found is not None:
                return template(found)
        return None

    def _data(self, name: str, schema: dict[str, Any]) -> str | None:
        words = {singular(word) for word in words_of(self.text)} - FUNCTION_WORDS
        found = data_for(name, schema, [s for s in self.sources if s.tells], words)
        if name == "items" and "other" in self.component.inputs:
            found = first_list(self.sources) or found
        if found is None and name == "other" and kind_of_schema(schema) == "array":
            found = second_list(self.sources) if first_list(self.sources) else None
        if found is None and format_of(schema) in ("date", "date-time"):
            found = moment_from(self.text, self.sources)
        if found is None and kind_of_schema(schema) in ("number", "integer"):
            numbers = ("number", "integer")
            near = (s for s in self.sources if kind_of_schema(s.value.schema) in numbers)
            found = next((source.value.expression for source in near), None)
        return template(found) if found else None

    def _named_as_at_the_source(self, values: dict[str, Any]) -> None:
        """A file that is fetched keeps its name, where no other is said."""
        for name in self.component.required:
            link = str(values.get("url") or "")
            last = link.rstrip("/").rpartition("/")[2].split("?")[0]
            is_file = format_of(self.component.inputs[name]) == "path"
            if name not in values and is_file and re.fullmatch(r"[\w.-]+\.\w{1,5}", last):
                values[name] = last
                self.assumed.append(f"The file keeps its name {last!r}.")

    def _into_directory(self, values: dict[str, Any]) -> None:
        """A file that goes into a directory keeps its name, whether that is there yet or not."""
        path, target = str(values.get("path") or ""), str(values.get("target") or "")
        found = re.fullmatch(r"\$\{\{ (\S+)\.path \}\}", path)
        if found is None or not target.startswith(("/", "~", ".")) or "${{" in target:
            return
        if re.search(r"\.\w{1,5}$", target):
            return
        named = any(
            source.value.expression == found.group(1)
            and "name" in (source.value.schema.get("properties") or {})
            for source in self.sources
        )
        if named:
            values["target"] = f"{target.rstrip('/')}/{template(f'{found.group(1)}.name')}"

    def _passed_on(self, values: dict[str, Any]) -> None:
        """ "send the rows to ⟦url⟧": data of any kind goes along where the words say so."""
        for name, schema in self.component.inputs.items():
            if name in values or name in self.component.required or kind_of_schema(schema):
                continue
            if name not in ("body", "data", "payload", "json"):
                continue
            source = whole_said(self.text, [s for s in self.sources if s.tells])
            if source is not None:
                values[name] = template(source.value.expression)

    # -- optional ones -----------------------------------------------------------------------

    def _attached(self, values: dict[str, Any]) -> None:
        """ "as an attachment", "that file": the file that an earlier step wrote."""
        near = self.about or next(iter(self.sources), None)
        is_file = near is not None and file_in(near) and re.search(r"\b(?:it|them)\b", self.text)
        if not _ATTACHED.search(self.text) and not is_file:
            return
        for name, schema in self.component.inputs.items():
            is_files = kind_of_schema(schema) == "array" and format_of(schema) == "path"
            if name in values or name in self.component.required or not is_files:
                continue
            files = (link("path", {"type": "string", "format": "path"}, s) for s in self.sources)
            found = next((expression for expression in files if expression), None)
            if found and found not in str([v for v in values.values() if v]):
                values[name] = [template(found)]


def _identifies(name: str) -> bool:
    return name.lower().endswith(("id", "key", "_number", "email"))
