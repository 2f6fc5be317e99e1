"""The OpenAPI document as clients need it: every failure in the one error shape, whatever the framework assumes."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

JSON: Final = "application/json"
ERROR: Final = {"schema": {"$ref": "#/components/schemas/ErrorBody"}}
FRAMEWORKS_OWN: Final = ("HTTPValidationError", "ValidationError")
OTHERWISE: Final = {"description": "Any other failure, in the same shape", "content": {JSON: ERROR}}

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
        for content in response.get("content", {}).values():
            if "$ref" in content["schema"]:
                content["schema"].pop("type", None)
    if "422" in responses:
        responses["422"]["description"] = "VALIDATION_ERROR"
    responses["default"] = OTHERWISE
