"""${message}

House rule: plain tables and SQL for both databases, frozen for ever. Import nothing of ours. Add columns first, fill them
second, remove them a release later. Afterwards set HEAD and KNOWN in server/migrate.py.
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
    """Bring a database of the release before to this one."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """A database never goes back; the backup made before the upgrade does."""
    raise NotImplementedError
