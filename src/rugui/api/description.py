"""The API's OpenAPI document: what ninja knows of the calls, and what all of them have in common."""

from __future__ import annotations

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from . import problems

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Carries this request out once, however often it is sent.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_PROBLEMS = {
    400: "Malformed",
    401: "No living token",
    403: "Not allowed by role or scope",
    404: "Not there, or not yours to see",
    409: "Changed meanwhile",
    422: "Some fields cannot be taken",
}


class Description(OpenAPISchema):
    """Writes the choices of a field out where the field is.

    As components they would go by the last part of their names, and the `Kind` of a note is not that of a visit.
    """

    def __init__(self, api: Any, path_prefix: str) -> None:
        self._choices: dict[str, Any] = {}
        super().__init__(api, path_prefix)
        self._add_problems()

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self._choices = {name: one for name, one in definitions.items() if "enum" in one}
        others = {name: one for name, one in definitions.items() if name not in self._choices}
        super().add_schema_definitions(self._written_out(others))

    def _create_schema_from_model(self, *args: Any, **options: Any) -> tuple[dict[str, Any], bool]:
        self._choices = {}
        schema, required = super()._create_schema_from_model(*args, **options)
        return self._written_out(schema), required

    def _extract_parameters(self, model: Any) -> list[dict[str, Any]]:
        self._choices = {}
        parameters: list[dict[str, Any]] = self._written_out(super()._extract_parameters(model))
        return parameters

    def _written_out(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self._written_out(one) for one in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name in self._choices:
            beside = {key: value for key, value in part.items() if key != "$ref"}
            return {**self._choices[name], **beside}
        return {key: self._written_out(value) for key, value in part.items()}

    def _add_problems(self) -> None:
        schemas = self["components"]["schemas"]
        made = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs")
        schemas["Problem"] = made
        content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in self["paths"].values():
            for method, operation in methods.items():
                for status, description in _PROBLEMS.items():
                    operation["responses"][status] = {"description": description, "content": content}
                if method == "post":
                    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
