"""Runs the migrations on the connection that app.library.database hands over, all in its one transaction."""

from alembic import context

from app.library.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
