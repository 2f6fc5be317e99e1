"""Serves the built page beside the doors: only files that exist, so that unknown paths stay the API's 404.

The build lays each text file's compressed forms beside it; nothing is compressed here.
"""

import html
import re
from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

IMMUTABLE: Final = "public, max-age=31536000, immutable"
CODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""Content codings, the best first, and what the name of a file in that coding ends with."""
META_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
NOBODY: Final = "frame-ancestors 'none'"
"""What a policy in the page itself cannot say: who may show it in a frame."""
OURSELVES: Final = "frame-ancestors 'self'"
"""For what the page shows in frames."""
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class _Assets(StaticFiles):
    """Files whose names hold their content's hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = _accepted(Headers(scope=scope).get("accept-encoding", ""))
        forms = ((coding, path + ending) for coding, ending in CODINGS.items() if coding in accepted)
        coding, form = next((found for found in forms if self.lookup_path(found[1])[1]), (None, path))
        response = await super().get_response(form, scope)
        response.headers.update({"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"})
        if coding:
            response.headers["Content-Encoding"] = coding
            # As Starlette says it of the file itself.
            media_type = guess_type(path)[0] or "application/octet-stream"
            charset = "; charset=utf-8" if media_type.startswith("text/") else ""
            response.headers["Content-Type"] = media_type + charset
        return response


def routes(web_dir: Path) -> list[BaseRoute]:
    """Routes of a built page; none when it was not built.

    Args:
        web_dir: The folder with `index.html`.
    """
    index = web_dir / "index.html"
    if not index.is_file():
        return []
    headers = {**PAGE_HEADERS, "Content-Security-Policy": _policy(index, NOBODY)}
    found: list[BaseRoute] = [_file("/", index, headers)]
    for entry in sorted(web_dir.iterdir()):
        if entry.is_dir():
            found.append(Mount(f"/{entry.name}", _Assets(directory=entry), name=entry.name))
        elif entry.suffix == ".html" and entry != index:
            framed = {**headers, "Content-Security-Policy": _policy(entry, OURSELVES)}
            found.append(_file(f"/{entry.name}", entry, framed))
        else:
            found.append(_file(f"/{entry.name}", entry, headers))
    return found


def _accepted(header: str) -> set[str]:
    """Content codings that a client takes: those it names without a weight of nothing (RFC 9110, 12.5.3)."""
    items = (item.partition(";") for item in header.lower().split(","))
    return {coding.strip() for coding, _, weight in items if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)}


def _policy(page: Path, framed_by: str) -> str:
    found = META_POLICY.search(page.read_text(encoding="utf-8"))
    return f"{html.unescape(found[1])}; {framed_by}" if found else framed_by


def _file(path: str, file: Path, headers: Mapping[str, str]) -> Route:
    async def serve(_request: Request) -> Response:
        return FileResponse(file, headers=headers)

    return Route(path, serve, methods=["GET"], name=file.name)
