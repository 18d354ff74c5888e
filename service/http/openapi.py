"""What the framework does not tell of itself in OpenAPI: problems, and bodies with files."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from service.http.multipart import FormKind
from service.http.problem import Problem


class DescribedApp(FastAPI):
    """An application whose description holds what every call refuses with."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        told = super().openapi()
        told["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return told


def form_body(
    kind: FormKind, *, required: Iterable[str] = (), told: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return what OpenAPI says of a form.

    Parameters
    ----------
    required
        Fields that must be there.
    told
        Schemas of texts that are more than a text, by field.
    """
    fields: dict[str, Any] = {
        name: {"type": "string", "format": "binary"} for name in sorted(kind.files)
    }
    for name, most in kind.texts.items():
        fields[name] = {"type": "string", "maxLength": most, **(told or {}).get(name, {})}
    schema = {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }
