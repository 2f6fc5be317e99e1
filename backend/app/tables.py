"""Imports every noun's tables, so that the metadata is whole for migrations and tests."""

from app.db.base import Base
from app.domain.accounts import models as accounts
from app.domain.audit import models as audit
from app.domain.conversations import models as conversations
from app.domain.generations import models as generations
from app.domain.imports import models as imports
from app.domain.memories import models as memories
from app.domain.quotas import models as quotas
from app.domain.trash import models as trash

metadata = Base.metadata

__all__ = ["accounts", "audit", "conversations", "generations", "imports", "memories", "metadata", "quotas", "trash"]
