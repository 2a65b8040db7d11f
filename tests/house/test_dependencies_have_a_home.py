"""A library is imported in the place that is in charge of it, so that it can be exchanged there."""

from __future__ import annotations

import ast

from tests.house import listed
from tests.tools.sources import imported, sources

HOMES = {
    "alembic": ("db", "server"),
    "argon2": ("db", "server"),
    "cryptography": ("app/base/sealing.py", "app/sync", "db", "server"),
    "fastapi": ("server",),
    "gpxpy": ("app/services/track_files.py",),
    "httpx2": ("app/sync/city.py",),
    "jinja2": ("server/console",),
    "openpyxl": ("app/reports",),
    "PIL": ("app/services",),
    "platformdirs": ("app/base",),
    "psycopg": ("server",),
    "pyqtgraph": ("ui/charts", "ui/map"),
    "python_calamine": ("app/services/sheets",),
    "shapely": ("app/services/shapes.py", "app/services/shape_care.py"),
    "sqlalchemy": ("db", "server"),
    "sqlcipher3": ("db",),
    "uvicorn": ("server",),
}


def test_a_library_is_imported_only_where_it_lives() -> None:
    strays = [
        f"{source.name}: {name}"
        for source in sources("app", "db", "server", "ui")
        for node in set(ast.walk(source.tree)) - for_types_only(source.tree)
        for name in imported(node)
        if not source.name.startswith(HOMES.get(name.split(".")[0], ("",)))
    ]

    assert strays == [], listed("Ask the module that is in charge of this library instead (HOMES).", strays)


def for_types_only(tree: ast.AST) -> set[ast.AST]:
    """What stands under `if TYPE_CHECKING:`."""
    return {
        below
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for below in ast.walk(node)
    }
