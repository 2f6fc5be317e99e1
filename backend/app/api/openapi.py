"""The OpenAPI document as clients need it: every failure in the one error shape, whatever the framework assumes."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

JSON: Final = "application/json"
ERROR: Final = {"schema": {"$ref": "#/components/schemas/ErrorBody"}}
FRAMEWORKS_OWN: Final = ("HTTPValidationError", "ValidationError")
OTHERWISE: Final = {"description": "Any other failure, in the same shape", "content": {JSON: ERROR}}

EVENT_STREAM: Final = "text/event-stream"

Document = dict[str, Any]


def document(app: FastAPI) -> Document:
    """The OpenAPI document of an application."""
    made: Document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for item in made["paths"].values():
        for operation in item.values():
            _mend(operation["responses"])
    for name in FRAMEWORKS_OWN:
        made["components"]["schemas"].pop(name, None)
    return made


def _mend(responses: Document) -> None:
    for status, response in responses.items():
        if not status.startswith("2"):
            response["content"] = {JSON: ERROR}
        stream = response.get("content", {}).get(EVENT_STREAM)
        if stream:
            reference = {"$ref": stream.pop("schema")["$ref"]}
            stream["itemSchema"] = {"type": "object", "required": ["event", "data"], "properties": _event(reference)}
    if "422" in responses:
        responses["422"]["description"] = "VALIDATION_ERROR"
    responses["default"] = OTHERWISE


def _event(reference: Document) -> Document:
    # OpenAPI 3.2's word for the items of a stream; older readers skip it and still find the schema by name.
    text = {"type": "string"}
    return {"id": text, "event": text, "data": {**text, "contentMediaType": JSON, "contentSchema": reference}}
