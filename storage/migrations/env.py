"""Alembic's entry: runs on the connection that storage.schema hands over."""

from alembic import context

from storage.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
