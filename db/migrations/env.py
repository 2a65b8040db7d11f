"""Runs the migrations on the connection the program hands in; it never opens a file itself."""

from __future__ import annotations

from alembic import context


def _wanted(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and str(name).startswith("search"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("target_metadata"),
    include_name=_wanted,
    render_as_batch=True,
    render_item=context.config.attributes.get("render_item", False),
)
context.run_migrations()
