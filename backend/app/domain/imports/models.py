"""Tables of imports and of what became of each conversation in them."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId


class Import(Base):
    """One file that somebody brought. `state` is queued, running, done or failed."""

    __tablename__ = "imports"

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    dry_run: Mapped[bool]
    created_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]


class ImportResult(Base):
    """What became of one conversation of a file: `imported`, `skipped` or `failed`, and why."""

    __tablename__ = "import_results"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    result: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(300))
