"""Imports every noun's tables, so that the metadata is whole for migrations and tests."""

from app.db.base import Base
from app.domain.accounts import models as accounts
from app.domain.conversations import models as conversations
from app.domain.generations import models as generations

metadata = Base.metadata

__all__ = ["accounts", "conversations", "generations", "metadata"]
