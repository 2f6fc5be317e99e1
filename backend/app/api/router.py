"""Every door, one line each: the whole attack surface on one page."""

from fastapi import APIRouter

from app.api import admin, auth, chat, conversations, health, messages, providers

router = APIRouter()
router.include_router(health.router)
router.include_router(auth.router)
router.include_router(chat.router)
router.include_router(conversations.router)
router.include_router(messages.router)
router.include_router(providers.router)
router.include_router(admin.router)
