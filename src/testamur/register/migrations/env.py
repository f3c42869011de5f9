"""Runs the migrations on the connection that `testamur.register.versions` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="register_version",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
