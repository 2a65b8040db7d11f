"""${message}

House rule: plain tables and SQL, frozen for ever. Import nothing of ours. Add columns first, fill them second,
remove them a release later. Afterwards set HEAD and KNOWN in db/migrate.py and keep a file of the old release in
tests/data/schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a file of the release before to this one."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """A file never goes back; the copy made before the upgrade does."""
    raise NotImplementedError
