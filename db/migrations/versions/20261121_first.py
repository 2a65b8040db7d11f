"""The first schema: cases, the office, the queue for the city, the audit trail, what this PC keeps for itself.

House rule: plain tables and SQL, frozen for ever. Import nothing of ours. Add columns first, fill them second,
remove them a release later. Afterwards set HEAD and KNOWN in db/migrate.py and keep a file of the old release in
tests/data/schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261121_first'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of a new file."""
    op.create_table('case_steps',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('parent', sa.LargeBinary(length=16), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('from_stage', sa.String(), nullable=True),
    sa.Column('to_stage', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('on_behalf_of', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('inputs', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_case_steps_id'))
    )
    with op.batch_alter_table('case_steps', schema=None) as batch_op:
        batch_op.create_index('ix_case_steps_parent', ['parent', 'at'], unique=False)

    op.create_table('cases',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('local_no', sa.String(), nullable=False),
    sa.Column('city_no', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_system', sa.String(), nullable=False),
    sa.Column('source_no', sa.String(), nullable=False),
    sa.Column('reporter_name', sa.String(), nullable=False),
    sa.Column('reporter_phone', sa.String(), nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('major', sa.String(), nullable=False),
    sa.Column('minor', sa.String(), nullable=False),
    sa.Column('major_name', sa.String(), nullable=False),
    sa.Column('minor_name', sa.String(), nullable=False),
    sa.Column('category_text', sa.String(), nullable=False),
    sa.Column('standards_version', sa.String(), nullable=False),
    sa.Column('condition_no', sa.Integer(), nullable=True),
    sa.Column('condition', sa.Text(), nullable=False),
    sa.Column('closing', sa.Text(), nullable=False),
    sa.Column('limit', sa.Text(), nullable=True),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('street_name', sa.String(), nullable=False),
    sa.Column('community_code', sa.String(), nullable=False),
    sa.Column('community_name', sa.String(), nullable=False),
    sa.Column('road', sa.String(), nullable=False),
    sa.Column('house_no', sa.String(), nullable=False),
    sa.Column('near', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('point_source', sa.Text(), nullable=False),
    sa.Column('unit_grid', sa.String(), nullable=False),
    sa.Column('duty_grid', sa.String(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('stage_before', sa.String(), nullable=True),
    sa.Column('stage_at', sa.BigInteger(), nullable=False),
    sa.Column('flow_version', sa.String(), nullable=False),
    sa.Column('acceptor_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('acceptor_name', sa.String(), nullable=False),
    sa.Column('collector_name', sa.String(), nullable=False),
    sa.Column('unit_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('unit_name', sa.String(), nullable=False),
    sa.Column('handler_name', sa.String(), nullable=False),
    sa.Column('clocks', sa.Text(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('warn_at', sa.BigInteger(), nullable=True),
    sa.Column('due_gap_year', sa.Integer(), nullable=True),
    sa.Column('suspended_until', sa.BigInteger(), nullable=True),
    sa.Column('suspend_count', sa.Integer(), nullable=False),
    sa.Column('handled_late', sa.Boolean(), nullable=False),
    sa.Column('appeal', sa.String(), nullable=False),
    sa.Column('supervise', sa.String(), nullable=False),
    sa.Column('rework_count', sa.Integer(), nullable=False),
    sa.Column('check_result', sa.String(), nullable=False),
    sa.Column('self_handled', sa.Boolean(), nullable=False),
    sa.Column('city_level', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.BigInteger(), nullable=True),
    sa.Column('linked_case_id', sa.LargeBinary(length=16), nullable=True),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_cases_id'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_acceptor_reported', ['acceptor_id', 'reported_at'], unique=False)
        batch_op.create_index('ix_cases_category_reported', ['minor', 'major', 'kind', 'reported_at'], unique=False)
        batch_op.create_index('ix_cases_changed', ['changed_at'], unique=False)
        batch_op.create_index('ix_cases_city_no', ['city_no'], unique=False, sqlite_where=sa.text("city_no != ''"))
        batch_op.create_index('ix_cases_closed', ['closed_at', 'stage', 'handled_late', 'reported_at'], unique=False, sqlite_where=sa.text('closed_at IS NOT NULL'))
        batch_op.create_index('ix_cases_due', ['due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'))
        batch_op.create_index('ix_cases_number', ['local_no'], unique=True)
        batch_op.create_index('ix_cases_open_changed', ['stage', 'changed_at'], unique=False, sqlite_where=sa.text("stage NOT IN ('closed', 'void')"))
        batch_op.create_index('ix_cases_open_no_clock', ['stage', 'reported_at'], unique=False, sqlite_where=sa.text("due_at IS NULL AND stage NOT IN ('closed', 'void')"))
        batch_op.create_index('ix_cases_open_number', ['stage', 'local_no'], unique=False, sqlite_where=sa.text("stage NOT IN ('closed', 'void')"))
        batch_op.create_index('ix_cases_reported', ['reported_at'], unique=False)
        batch_op.create_index('ix_cases_source_reported', ['source', 'reported_at'], unique=False)
        batch_op.create_index('ix_cases_stage_due', ['stage', 'due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'))
        batch_op.create_index('ix_cases_stage_reported', ['stage', 'reported_at'], unique=False)
        batch_op.create_index('ix_cases_street_reported', ['street_code', 'reported_at'], unique=False)
        batch_op.create_index('ix_cases_suspended', ['suspended_until'], unique=False, sqlite_where=sa.text('suspended_until IS NOT NULL'))
        batch_op.create_index('ix_cases_unit_reported', ['unit_id', 'reported_at'], unique=False, sqlite_where=sa.text('unit_id IS NOT NULL'))
        batch_op.create_index('uq_cases_source_no', ['source_no', 'source_system'], unique=True, sqlite_where=sa.text("source_no != ''"))

    op.create_table('device',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('drafts',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index('ix_drafts_person', ['person_id', 'form', 'changed_at'], unique=False)

    op.create_table('events',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('device_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('deed', sa.String(), nullable=False),
    sa.Column('record_type', sa.String(), nullable=False),
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('seq')
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_record', ['record_id', 'seq'], unique=False)

    op.create_table('files',
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored_name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('sha256'),
    sa.UniqueConstraint('stored_name', name=op.f('uq_files_stored_name'))
    )
    op.create_table('import_layouts',
    sa.Column('signature', sa.String(), nullable=False),
    sa.Column('mapping', sa.Text(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('signature')
    )
    op.create_table('notes',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('numbers',
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series')
    )
    op.create_table('offices',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('district_code', sa.String(), nullable=False),
    sa.Column('district_name', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('pc_mark', sa.String(), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('work_periods', sa.Text(), nullable=False),
    sa.Column('yellow_share', sa.Float(), nullable=False),
    sa.Column('swap_verify_and_check', sa.Boolean(), nullable=False),
    sa.Column('urge_switched_on', sa.Boolean(), nullable=False),
    sa.Column('force_close_switched_on', sa.Boolean(), nullable=False),
    sa.Column('duplicate_metres', sa.Integer(), nullable=False),
    sa.Column('duplicate_hours', sa.Integer(), nullable=False),
    sa.Column('print_shift_x_mm', sa.Float(), nullable=False),
    sa.Column('print_shift_y_mm', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_offices_id'))
    )
    op.create_table('outbox',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('group_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('record_type', sa.String(), nullable=False),
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('schema', sa.Integer(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('follows', sa.LargeBinary(length=16), nullable=True),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('actor_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('device_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('change_id', name=op.f('uq_outbox_change_id'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_record', ['record_id', 'seq'], unique=False)
        batch_op.create_index('ix_outbox_state', ['state', 'seq'], unique=False)

    op.create_table('persons',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_persons_id')),
    sa.UniqueConstraint('login', name=op.f('uq_persons_login'))
    )
    op.create_table('photos',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('parent', sa.LargeBinary(length=16), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('phase', sa.String(), nullable=False),
    sa.Column('batch', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('warning', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_photos_id'))
    )
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.create_index('ix_photos_parent', ['parent'], unique=False)
        batch_op.create_index('ix_photos_sha256', ['sha256'], unique=False)

    op.create_table('preferences',
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', 'name')
    )
    op.create_table('reference_versions',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('table', sa.String(), nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Text(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_reference_versions_id'))
    )
    with op.batch_alter_table('reference_versions', schema=None) as batch_op:
        batch_op.create_index('ix_reference_versions_table', ['table', 'valid_from'], unique=False)

    op.create_table('reply_templates',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_reply_templates_id'))
    )
    op.create_table('roads',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('chief', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_roads_id'))
    )
    with op.batch_alter_table('roads', schema=None) as batch_op:
        batch_op.create_index('ix_roads_name', ['name'], unique=False)

    op.create_table('units',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_units_id')),
    sa.UniqueConstraint('name', name=op.f('uq_units_name'))
    )
    op.create_table('usage',
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('field', 'value')
    )
    op.create_table('workers',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('unit_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name=op.f('uq_workers_id'))
    )
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.create_index('ix_workers_kind', ['kind', 'name'], unique=False)

    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5(words, person, initials, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    # Merging parts of the index in larger heaps: half as often, and a save that merges waits 10 ms in place of 50.
    op.execute("INSERT INTO search(search, rank) VALUES ('automerge', 8)")


def downgrade() -> None:
    """A file never goes back; the copy made before the upgrade does."""
    raise NotImplementedError
