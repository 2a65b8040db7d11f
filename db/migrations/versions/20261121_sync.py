"""The line to the city: the link, scopes, bases, outcomes, files under way; two offices may name the same thing.

House rule: plain tables and SQL, frozen for ever. Import nothing of ours. Add columns first, fill them second,
remove them a release later. Afterwards set HEAD and KNOWN in db/migrate.py and keep a file of the old release in
tests/data/schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261121_sync'
down_revision = '20261121_first'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a file of the release before to this one."""
    # What two desks made without a line may carry the same number, login or name; a person sorts that out later.
    op.drop_index('uq_cases_source_no', 'cases')
    op.create_index('ix_cases_source_no', 'cases', ['source_no', 'source_system'], sqlite_where=sa.text("source_no != ''"))
    op.drop_index('ix_cases_number', 'cases')
    op.create_index('ix_cases_number', 'cases', ['local_no'])
    for table, name in (('persons', 'uq_persons_login'), ('units', 'uq_units_name')):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_='unique')
    op.create_table('bases',
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('record_type', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('row', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('record_id')
    )
    op.create_table('city_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('device_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('sign_seed', sa.LargeBinary(length=32), nullable=False),
    sa.Column('box_seed', sa.LargeBinary(length=32), nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.Column('city_sign_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('city_box_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('machine', sa.String(), nullable=False),
    sa.Column('own_ca', sa.Text(), nullable=False),
    sa.Column('proxy', sa.Text(), nullable=False),
    sa.Column('enrolled_at', sa.BigInteger(), nullable=False),
    sa.Column('clock_offset_ms', sa.Integer(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('decisions',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('parent', sa.LargeBinary(length=16), nullable=False),
    sa.Column('parent_type', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('given_up', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_decisions_id'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index('ix_decisions_parent', ['parent'], unique=False)

    op.create_table('deliveries',
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('offset', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('thumbnail_sent', sa.Boolean(), nullable=False),
    sa.Column('city_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('sha256')
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_state', ['state'], unique=False)
    op.execute(
        "INSERT INTO deliveries(sha256, state, offset, tries, code, thumbnail_sent) SELECT sha256, 'waiting', 0, 0, '', 0 "
        "FROM files WHERE EXISTS (SELECT 1 FROM photos WHERE photos.sha256 = files.sha256)"
    )

    op.create_table('foreign_rows',
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('record_type', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('row', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('record_id')
    )
    with op.batch_alter_table('foreign_rows', schema=None) as batch_op:
        batch_op.create_index('ix_foreign_rows_scope', ['scope'], unique=False)

    op.create_table('line_log',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('ok', sa.Boolean(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('pushed', sa.Integer(), nullable=False),
    sa.Column('pulled', sa.Integer(), nullable=False),
    sa.Column('conflicts', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('files', sa.Integer(), nullable=False),
    sa.Column('ms', sa.Integer(), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('seq')
    )
    op.create_table('line_tests',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_line_tests_id'))
    )
    op.create_table('number_blocks',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('next', sa.Integer(), nullable=False),
    sa.Column('pattern', sa.String(), nullable=False),
    sa.Column('device_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('granted_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('outcomes',
    sa.Column('change_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('record_type', sa.String(), nullable=False),
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('change_id')
    )
    with op.batch_alter_table('outcomes', schema=None) as batch_op:
        batch_op.create_index('ix_outcomes_record', ['record_id'], unique=False)

    op.create_table('remote_files',
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=True),
    sa.Column('asked_at', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('sha256')
    )
    with op.batch_alter_table('remote_files', schema=None) as batch_op:
        batch_op.create_index('ix_remote_files_state', ['state', 'asked_at'], unique=False)

    op.create_table('scopes',
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('epoch', sa.String(), nullable=False),
    sa.Column('after', sa.Integer(), nullable=False),
    sa.Column('head', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('hash', sa.Integer(), nullable=False),
    sa.Column('phase', sa.String(), nullable=False),
    sa.Column('snapshot_after', sa.LargeBinary(length=16), nullable=True),
    sa.Column('snapshot_head', sa.Integer(), nullable=False),
    sa.Column('compared_at', sa.BigInteger(), nullable=True),
    sa.Column('equal', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('scope')
    )


def downgrade() -> None:
    """A file never goes back; the copy made before the upgrade does."""
    raise NotImplementedError
