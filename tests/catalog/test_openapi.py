"""OpenAPI documents become components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flowloom.catalog.component import OpenApiRun
from flowloom.catalog.openapi import snake_case
from flowloom.catalog.openapi_schema import MAX_DEPTH, MAX_NODES, Resolver
from flowloom.errors import CatalogError
from tests.catalog.documents import document, only, read


def _query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def _answer(schema: Any, code: str = "200") -> dict[str, Any]:
    return {"responses": {code: {"content": {"application/json": {"schema": schema}}}}}


def _body(schema: Any, *, required: bool = True, kind: str = "application/json") -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema}}}}


def _schemas(**schemas: Any) -> dict[str, Any]:
    return {"schemas": schemas}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("listPets", "list_pets"),
        ("getHTTPServer", "get_http_server"),
        ("add-labels", "add_labels"),
        ("Pet Store 2", "pet_store_2"),
    ],
)
def test_snake_case(text: str, name: str) -> None:
    assert snake_case(text) == name


def test_id_comes_from_the_operation_id_or_the_path() -> None:
    assert (
        only(document({"operationId": "issues/listForRepo"})).id == "test_api.issues.list_for_repo"
    )
    nameless = document({"operationId": ""}, "/a/{id}/b", method="get")
    nameless["paths"]["/a/{id}/b"]["parameters"] = [{"name": "id", "in": "path"}]
    assert only(nameless).id == "test_api.get_a_by_id_b"
    assert only(document({"x-flowloom-id": "own.id"})).id == "own.id"


@pytest.mark.parametrize(
    ("method", "operation", "effect"),
    [
        ("get", {}, "read"),
        ("head", {}, "read"),
        ("put", {}, "write"),
        ("delete", {}, "destructive"),
        ("post", {"x-flowloom-effect": "read"}, "read"),
        ("post", {"operationId": "order/cancel"}, "destructive"),
    ],
)
def test_effect(method: str, operation: dict[str, Any], effect: str) -> None:
    assert only(document(operation, method=method)).effect == effect


def test_inputs_are_flat_and_clashing_names_get_their_place() -> None:
    operation = {
        "parameters": [_query("id", {"type": "integer"}), _query("all", {}, required=True)],
        **_body({"type": "object", "required": ["id"], "properties": {"id": {"type": "number"}}}),
    }
    paths = document(operation, "/things/{id}")
    paths["paths"]["/things/{id}"]["parameters"] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    component = only(paths)
    assert {name: schema.get("type") for name, schema in component.inputs.items()} == {
        "id": "string",
        "query_id": "integer",
        "all": None,
        "body_id": "number",
    }
    assert component.required == ("id", "all", "body_id")


def test_parameter_of_the_operation_replaces_that_of_the_path() -> None:
    data = document({"parameters": [_query("q", {"type": "integer"})]})
    data["paths"]["/things"]["parameters"] = [_query("q", {"type": "string"})]
    assert only(data).inputs["q"]["type"] == "integer"


def test_fields_of_an_optional_body_are_optional() -> None:
    body = _body({"type": "object", "required": ["a"], "properties": {"a": {}}}, required=False)
    assert only(document(body)).required == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {}}}]},
    ],
)
def test_body_that_is_no_plain_object_is_one_input(schema: dict[str, Any]) -> None:
    component = only(document(_body(schema)))
    assert component.inputs == {"body": schema}
    assert component.required == ("body",)


def test_json_is_preferred_among_the_bodies() -> None:
    operation = {"requestBody": {"content": {"text/xml": {}, "application/json": {"schema": {}}}}}
    run = only(document(operation)).run
    assert isinstance(run, OpenApiRun)
    assert run.content_type == "application/json"


@pytest.mark.parametrize(
    ("responses", "output"),
    [
        (_answer({"type": "array"}), {"type": "array"}),
        (_answer({"type": "array"}, "2XX"), {"type": "array"}),
        ({"responses": {"204": {"description": "none"}}}, {"type": "null"}),
        ({"responses": {"200": {"content": {"text/csv": {}}}}}, {"type": "string"}),
        (
            {"responses": {"200": {"content": {"image/png": {}}}}},
            {"type": "string", "contentEncoding": "base64"},
        ),
        ({"responses": {"404": {"description": "not found"}}}, {}),
    ],
)
def test_output_is_the_first_good_response(
    responses: dict[str, Any], output: dict[str, Any]
) -> None:
    assert only(document(responses)).output == output


@pytest.mark.parametrize(
    ("scheme", "auth", "name"),
    [
        ({"type": "http", "scheme": "bearer"}, "bearer", ""),
        ({"type": "http", "scheme": "Basic"}, "basic", ""),
        ({"type": "oauth2", "flows": {}}, "bearer", ""),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "header", "X-Key"),
        ({"type": "apiKey", "in": "query", "name": "key"}, "query", "key"),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, "header", "Cookie"),
    ],
)
def test_connection(scheme: dict[str, Any], auth: str, name: str) -> None:
    schemes = {"securitySchemes": {"k": scheme}}
    more: dict[str, Any] = {"security": [{"k": []}], "components": schemes}
    connection = only(document({}, **more)).connection
    assert connection is not None
    assert (connection.type, connection.auth, connection.name) == ("test_api", auth, name)
    assert connection.required
    assert only(document({"security": []}, **more)).connection is None
    optional = only(document({"security": [{}, {"k": []}]}, **more)).connection
    assert optional is not None
    assert not optional.required


def test_nullable_and_exclusive_bounds_of_3_0_become_those_of_3_1() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "nullable": True, "enum": ["x"]},
            "b": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            "c": {"nullable": True, "allOf": [{"$ref": "#/components/schemas/C"}]},
        },
    }
    components = _schemas(C={"type": "object", "properties": {"d": {"type": "string"}}})
    found = only(document(_answer(schema), openapi="3.0.3", components=components)).output
    assert found["properties"] == {
        "a": {"type": ["string", "null"], "enum": ["x", None]},
        "b": {"type": "number", "exclusiveMinimum": 0},
        "c": {"type": ["object", "null"], "properties": {"d": {"type": "string"}}},
    }
    Draft202012Validator.check_schema(found)


def test_all_of_plain_objects_is_merged() -> None:
    first = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    second = {"required": ["b"], "properties": {"b": {"type": "integer"}}}
    assert only(document(_answer({"allOf": [first, second]}))).output == {
        "type": "object",
        "required": ["a", "b"],
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
    }


def test_read_only_and_write_only_properties() -> None:
    schema = {
        "type": "object",
        "required": ["id", "secret"],
        "properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}},
    }
    component = only(document({**_body(schema), **_answer(schema)}))
    assert list(component.inputs) == ["secret"]
    assert component.output["required"] == ["id"]


def test_schema_that_holds_itself_is_cut() -> None:
    node = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "child": {"$ref": "#/components/schemas/Node"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    }
    answer = _answer({"$ref": "#/components/schemas/Node"})
    output = only(document(answer, components=_schemas(Node=node))).output
    assert output["properties"]["child"] == {"type": "object"}
    assert output["properties"]["children"]["items"] == {"type": "object"}


def test_schema_that_grows_without_end_is_bounded() -> None:
    schemas = {
        f"S{n}": {
            "type": "object",
            "properties": {f"p{k}": {"$ref": f"#/components/schemas/S{n + 1}"} for k in range(8)},
        }
        for n in range(30)
    }
    schemas["S30"] = {"type": "string"}
    answer = _answer({"$ref": "#/components/schemas/S0"})
    output = only(document(answer, components=_schemas(**schemas))).output

    def depth(schema: dict[str, Any]) -> int:
        return 1 + max(map(depth, schema.get("properties", {}).values()), default=0)

    def count(schema: dict[str, Any]) -> int:
        return 1 + sum(map(count, schema.get("properties", {}).values()))

    assert depth(output) <= MAX_DEPTH + 2
    assert count(output) <= 9 * MAX_NODES


def test_references_to_files_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "pet.yaml").write_text(
        "Pet: {type: object, properties: {tag: {$ref: 'tag.yaml#/Tag'}}}\n", encoding="utf-8"
    )
    (tmp_path / "parts" / "tag.yaml").write_text("Tag: {type: string}\n", encoding="utf-8")
    data = document(_answer({"$ref": "parts/pet.yaml#/Pet"}))
    assert only(data, tmp_path).output["properties"] == {"tag": {"type": "string"}}
    assert "bundle the document" in read(data).skipped[0].reason


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (_answer({"$ref": "#/components/schemas/None"}), "leads to nothing"),
        (_answer({"$ref": "https://elsewhere.example/a.json"}), "not to a file beside"),
        (_answer({"$ref": "/etc/passwd"}), "not to a file beside"),
        ({"parameters": [{"$ref": "#/components/parameters/loop"}]}, "leads back to itself"),
        ({"parameters": [{"in": "query"}]}, "must have 'name' and 'in'"),
        ({"parameters": {"a": 1}}, "'parameters' must be a list"),
        ({"requestBody": {"content": {}}}, "'requestBody' has no 'content'"),
        ({"security": [{"none": []}]}, "no security scheme 'none'"),
        ({"x-flowloom-effect": "wipe"}, "'x-flowloom-effect' must be"),
        ({"x-flowloom-id": "1 2"}, "'x-flowloom-id'"),
        ({"servers": [{"url": "/relative"}]}, "no full address"),
    ],
)
def test_wrong_operation_is_left_out_and_named(operation: dict[str, Any], reason: str) -> None:
    loop = {"parameters": {"loop": {"$ref": "#/components/parameters/loop"}}}
    data = document(operation, components=loop)
    data["paths"]["/good"] = {"get": {"operationId": "good", "responses": {}}}
    entries = read(data)
    assert [component.id for component in entries.components] == ["test_api.good"]
    assert entries.skipped[0].entry == "POST /things"
    assert entries.skipped[0].line == 1
    assert reason in entries.skipped[0].reason


def test_undeclared_path_parameter_and_same_id_are_wrong() -> None:
    assert "no path parameter 'id'" in read(document({}, "/a/{id}")).skipped[0].reason
    data = document({})
    data["paths"]["/more"] = data["paths"]["/things"]
    assert "POST /things too" in read(data).skipped[0].reason


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "no OpenAPI document"),
        ({"openapi": "2.0"}, "3.0 and 3.1 are read"),
        ({"swagger": "2.0"}, "3.0 and 3.1 are read"),
        ({"openapi": "3.1.0"}, "without 'paths'"),
        ({"openapi": "3.1.0", "paths": {}}, "without 'paths'"),
        ({"openapi": "3.1.0", "paths": {"/a": {}}}, "without operations"),
        ({"openapi": "3.1.0", "paths": {"/a": 1}}, "must hold its methods"),
    ],
)
def test_wrong_document_is_an_error(data: Any, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        read(data)


def test_boolean_schemas() -> None:
    assert Resolver({}).schema(True, "request") == {}
    assert Resolver({}).schema(False, "request") == {"not": {}}
