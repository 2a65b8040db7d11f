"""Runs the migrations on the connection the program hands in; it never opens a database itself."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("target_metadata"),
    render_as_batch=True,
    render_item=context.config.attributes.get("render_item", False),
)
context.run_migrations()
