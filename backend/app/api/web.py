"""Serves the built page beside the doors: only files that exist, so that unknown paths stay the API's 404."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

IMMUTABLE: Final = "public, max-age=31536000, immutable"
PAGE_HEADERS: Final = {"Cache-Control": "no-cache", "Content-Security-Policy": "frame-ancestors 'none'"}
"""The rest of the policy stands in the page itself; only this part must come as a header."""


class _Assets(StaticFiles):
    """Files whose names hold their content's hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = IMMUTABLE
        return response


def routes(web_dir: Path) -> list[BaseRoute]:
    """Routes of a built page; none when it was not built.

    Args:
        web_dir: The folder with `index.html`.
    """
    if not (web_dir / "index.html").is_file():
        return []
    found: list[BaseRoute] = [_file("/", web_dir / "index.html")]
    for entry in sorted(web_dir.iterdir()):
        if entry.is_dir():
            found.append(Mount(f"/{entry.name}", _Assets(directory=entry), name=entry.name))
        else:
            found.append(_file(f"/{entry.name}", entry))
    return found


def _file(path: str, file: Path) -> Route:
    async def serve(_request: Request) -> Response:
        return FileResponse(file, headers=PAGE_HEADERS)

    return Route(path, serve, methods=["GET"], name=file.name)
