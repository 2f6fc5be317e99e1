"""Every door, one line each: the whole attack surface on one page."""

from typing import Final

from fastapi import APIRouter

from app.api import (
    account,
    admin,
    auth,
    chat,
    conversations,
    export,
    health,
    imports,
    memories,
    messages,
    oversight,
    people,
    providers,
    search,
    trash,
    usage,
)

# Searched from the top: what is asked most stands first. Not one within another: FastAPI searches each level anew.
ROUTERS: Final[tuple[APIRouter, ...]] = (
    chat.router,
    health.router,
    auth.router,
    account.router,
    usage.router,
    conversations.router,
    messages.router,
    search.router,
    memories.router,
    export.router,
    imports.router,
    trash.router,
    providers.router,
    admin.router,
    people.router,
    oversight.router,
)
