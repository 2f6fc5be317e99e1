"""Alembic's environment: runs migrations on the connection that it is given, inside the caller's transaction."""

from alembic import context
from app.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
