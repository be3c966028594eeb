"""JSON Schema of the files that people write, so that editors complete and check them."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from framework.contract.kinds import Kind, model_of


def json_schema(kind: Kind) -> dict[str, Any]:
    """JSON Schema 2020-12 of one kind of file."""
    schema = model_of(kind).model_json_schema(schema_generator=_FileSchema)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


class _FileSchema(GenerateJsonSchema):
    """As the files are written: text may look like a number (`version: 1.10`), since scalars are read as written."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": ["string", "number", "boolean"]}

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Keys speak for themselves; pydantic would call `ttft_ms` "Ttft Ms"."""
        return False
