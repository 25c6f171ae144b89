"""Type hints that the built-in components share; each says its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, WithJsonSchema
from pydantic.config import JsonDict

__all__ = [
    "Code",
    "Cron",
    "DateTime",
    "Duration",
    "EmailAddress",
    "EmailAddresses",
    "FieldName",
    "FieldNames",
    "FileName",
    "FilePath",
    "ItemOfItems",
    "Items",
    "OtherFieldName",
    "PersonalAddress",
    "PersonalName",
    "Regex",
    "Row",
    "Rows",
    "SameAsItems",
    "Sql",
    "TextTable",
    "TimeZone",
    "Url",
]

Cron: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "cron"})]
TimeZone: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "timezone"})]
DateTime: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Duration: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "duration"})]
Regex: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "regex"})]
Url: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "uri"})]
FileName: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "file-name"})]
FilePath: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "path"})]
Sql: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "sql"})]
Code: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "code"})]
EmailAddress: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "email"})]
PersonalAddress: TypeAlias = Annotated[
    str, Field(json_schema_extra={"format": "email", "x-personal": True})
]
PersonalName: TypeAlias = Annotated[str, Field(json_schema_extra={"x-personal": True})]
_ADDRESSES: JsonDict = {"format": "email", "x-separator": ","}
EmailAddresses: TypeAlias = Annotated[str, Field(json_schema_extra=_ADDRESSES)] | list[EmailAddress]

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = list[Row]
Items: TypeAlias = list[Any]
TextTable: TypeAlias = list[dict[str, str]]

FieldName: TypeAlias = Annotated[str, Field(json_schema_extra={"x-field-of": "items"})]
FieldNames: TypeAlias = list[FieldName]
OtherFieldName: TypeAlias = Annotated[str, Field(json_schema_extra={"x-field-of": "other"})]
SameAsItems: TypeAlias = Annotated[list[Any], WithJsonSchema({"x-same-as": "items"})]
ItemOfItems: TypeAlias = Annotated[Any, WithJsonSchema({"x-items-of": "items"})]
