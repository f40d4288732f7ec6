"""Small pieces of JSON schema that the descriptions of answers are put together from."""

from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
MAY: Final[Schema] = {"type": ["string", "null"]}
WHEN: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
WHOLE: Final[Schema] = {"type": "integer"}
MAY_WHOLE: Final[Schema] = {"type": ["integer", "null"]}
NUMBER: Final[Schema] = {"type": ["number", "null"]}
YES_NO: Final[Schema] = {"type": "boolean"}
COUNTS: Final[Schema] = {"type": "object", "additionalProperties": {"type": "integer"}}


def shaped(**properties: Schema) -> Schema:
    """An object of these properties."""
    return {"type": "object", "properties": properties}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(of: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": of}
