"""Every door, one line each: the whole attack surface on one page."""

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
    usage,
)

router = APIRouter()
# Searched from the top: what is asked most stands first.
router.include_router(chat.router)
router.include_router(health.router)
router.include_router(auth.router)
router.include_router(account.router)
router.include_router(usage.router)
router.include_router(conversations.router)
router.include_router(messages.router)
router.include_router(search.router)
router.include_router(memories.router)
router.include_router(export.router)
router.include_router(imports.router)
router.include_router(providers.router)
router.include_router(admin.router)
router.include_router(people.router)
router.include_router(oversight.router)
