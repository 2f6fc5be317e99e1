"""Serves the built page beside the doors: only files that exist, so that unknown paths stay the API's 404."""

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

IMMUTABLE: Final = "public, max-age=31536000, immutable"
META_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
HEADER_ONLY: Final = "frame-ancestors 'none'"
"""What a policy in the page itself cannot say."""
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


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
    index = web_dir / "index.html"
    if not index.is_file():
        return []
    headers = {**PAGE_HEADERS, "Content-Security-Policy": _policy(index.read_text(encoding="utf-8"))}
    found: list[BaseRoute] = [_file("/", index, headers)]
    for entry in sorted(web_dir.iterdir()):
        if entry.is_dir():
            found.append(Mount(f"/{entry.name}", _Assets(directory=entry), name=entry.name))
        else:
            found.append(_file(f"/{entry.name}", entry, headers))
    return found


def _policy(page: str) -> str:
    found = META_POLICY.search(page)
    return f"{html.unescape(found[1])}; {HEADER_ONLY}" if found else HEADER_ONLY


def _file(path: str, file: Path, headers: Mapping[str, str]) -> Route:
    async def serve(_request: Request) -> Response:
        return FileResponse(file, headers=headers)

    return Route(path, serve, methods=["GET"], name=file.name)
