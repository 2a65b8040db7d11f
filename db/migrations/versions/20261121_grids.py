"""Grids, patrols, findings, traces, facilities and inspections of enterprises; what roads and members gained.

House rule: plain tables and SQL, frozen for ever. Import nothing of ours. Add columns first, fill them second,
remove them a release later. Afterwards set HEAD and KNOWN in db/migrate.py and keep a file of the old release in
tests/data/schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '20261121_grids'
down_revision = '20261121_sync'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a file of the release before to this one."""
    op.create_table('attendances',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('shift_start', sa.Text(), nullable=True),
    sa.Column('shift_end', sa.Text(), nullable=True),
    sa.Column('clock_in', sa.BigInteger(), nullable=True),
    sa.Column('clock_out', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_attendances_id')
    )
    op.create_index('ix_attendances_day', 'attendances', ['day', 'member_id'])
    op.create_table('check_results',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('parent', sa.LargeBinary(length=16), nullable=False),
    sa.Column('point_no', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('facility_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_check_results_id')
    )
    op.create_index('ix_check_results_facility', 'check_results', ['facility_id', 'at'], sqlite_where=sa.text('facility_id IS NOT NULL'))
    op.create_index('ix_check_results_parent', 'check_results', ['parent', 'point_no'])
    op.create_table('checklist_templates',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('family', sa.LargeBinary(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('programme', sa.String(), nullable=False),
    sa.Column('items', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_checklist_templates_id')
    )
    op.create_index('ix_checklist_templates_family', 'checklist_templates', ['family', 'number'])
    op.create_table('draws',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('drawn_at', sa.BigInteger(), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('enterprises', sa.Text(), nullable=False),
    sa.Column('officers', sa.Text(), nullable=False),
    sa.Column('weights', sa.Text(), nullable=False),
    sa.Column('officer_units', sa.Text(), nullable=False),
    sa.Column('exclusions', sa.Text(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('picks', sa.Text(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_draws_id')
    )
    op.create_index('ix_draws_drawn', 'draws', ['drawn_at'])
    op.create_table('enterprises',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('credit_code', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('risk', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('street_name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('yearly_cap', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_enterprises_id')
    )
    op.create_index('ix_enterprises_credit_code', 'enterprises', ['credit_code'])
    op.create_index('ix_enterprises_name', 'enterprises', ['name'])
    op.create_table('facilities',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('house_number', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('major', sa.String(), nullable=False),
    sa.Column('minor', sa.String(), nullable=False),
    sa.Column('major_name', sa.String(), nullable=False),
    sa.Column('minor_name', sa.String(), nullable=False),
    sa.Column('group', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('lit', sa.Boolean(), nullable=True),
    sa.Column('main_road', sa.Boolean(), nullable=True),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('maintainer', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('street_name', sa.String(), nullable=False),
    sa.Column('community_code', sa.String(), nullable=False),
    sa.Column('community_name', sa.String(), nullable=False),
    sa.Column('unit_grid', sa.String(), nullable=False),
    sa.Column('duty_grid', sa.String(), nullable=False),
    sa.Column('road', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('point_source', sa.Text(), nullable=False),
    sa.Column('accuracy', sa.String(), nullable=False),
    sa.Column('installed_on', sa.String(), nullable=True),
    sa.Column('surveyed_on', sa.String(), nullable=True),
    sa.Column('seen_at', sa.BigInteger(), nullable=True),
    sa.Column('attributes', sa.Text(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_no', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_facilities_id')
    )
    op.create_index('ix_facilities_code', 'facilities', ['code'])
    op.create_index('ix_facilities_group_code', 'facilities', ['group', 'code'])
    op.create_index('ix_facilities_group_street', 'facilities', ['group', 'street_code', 'state'])
    op.create_index('ix_facilities_house_number', 'facilities', ['house_number'], sqlite_where=sa.text("house_number != ''"))
    op.create_index('ix_facilities_minor_street', 'facilities', ['minor', 'major', 'street_code', 'state'])
    op.create_index('ix_facilities_point', 'facilities', ['longitude', 'latitude'])
    op.create_index('ix_facilities_seen', 'facilities', ['seen_at'])
    op.create_index('ix_facilities_source_no', 'facilities', ['source_no', 'source'])
    op.create_index('ix_facilities_state', 'facilities', ['state'])
    op.create_index('ix_facilities_street_state', 'facilities', ['street_code', 'state'])
    op.create_table('facility_events',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('parent', sa.LargeBinary(length=16), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('from_state', sa.String(), nullable=True),
    sa.Column('to_state', sa.String(), nullable=True),
    sa.Column('lit', sa.Boolean(), nullable=True),
    sa.Column('round_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_facility_events_id')
    )
    op.create_index('ix_facility_events_parent', 'facility_events', ['parent', 'at'])
    op.create_table('field_tasks',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_no', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('chosen_by', sa.String(), nullable=False),
    sa.Column('distance_m', sa.Float(), nullable=True),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('duty_grid', sa.String(), nullable=False),
    sa.Column('issued_at', sa.BigInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('warn_at', sa.BigInteger(), nullable=True),
    sa.Column('handed_at', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_field_tasks_id')
    )
    op.create_index('ix_field_tasks_case', 'field_tasks', ['case_id'])
    op.create_index('ix_field_tasks_member_issued', 'field_tasks', ['member_id', 'issued_at'])
    op.create_index('ix_field_tasks_number', 'field_tasks', ['number'])
    op.create_index('ix_field_tasks_state_issued', 'field_tasks', ['state', 'issued_at'])
    op.create_table('findings',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('round_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('point_no', sa.Integer(), nullable=True),
    sa.Column('item_code', sa.String(), nullable=False),
    sa.Column('found_at', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('facility_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('major', sa.String(), nullable=False),
    sa.Column('minor', sa.String(), nullable=False),
    sa.Column('minor_name', sa.String(), nullable=False),
    sa.Column('category_text', sa.String(), nullable=False),
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
    sa.Column('governance_grid', sa.String(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('case_no', sa.String(), nullable=False),
    sa.Column('watch_until', sa.String(), nullable=True),
    sa.Column('settled_at', sa.BigInteger(), nullable=True),
    sa.Column('outcome_note', sa.String(), nullable=False),
    sa.Column('source_system', sa.String(), nullable=False),
    sa.Column('source_no', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_findings_id')
    )
    op.create_index('ix_findings_case', 'findings', ['case_id'], sqlite_where=sa.text('case_id IS NOT NULL'))
    op.create_index('ix_findings_facility', 'findings', ['facility_id'], sqlite_where=sa.text('facility_id IS NOT NULL'))
    op.create_index('ix_findings_found', 'findings', ['found_at'])
    op.create_index('ix_findings_member_found', 'findings', ['member_id', 'found_at'])
    op.create_index('ix_findings_number', 'findings', ['number'])
    op.create_index('ix_findings_round', 'findings', ['round_id'])
    op.create_index('ix_findings_source_no', 'findings', ['source_no', 'source_system'])
    op.create_index('ix_findings_state_found', 'findings', ['state', 'found_at'])
    op.create_index('ix_findings_street_found', 'findings', ['street_code', 'found_at'])
    op.create_index('ix_findings_watch', 'findings', ['watch_until'], sqlite_where=sa.text('watch_until IS NOT NULL'))
    op.create_table('grids',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('community_code', sa.String(), nullable=False),
    sa.Column('boundary', sa.Text(), nullable=False),
    sa.Column('source_system', sa.String(), nullable=True),
    sa.Column('unit_codes', sa.Text(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('land_use', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('area_m2', sa.Float(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_grids_id')
    )
    op.create_index('ix_grids_code', 'grids', ['kind', 'code'])
    op.create_table('inspections',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('enterprise_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('enterprise_name', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('exempt_reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('matter', sa.String(), nullable=False),
    sa.Column('units', sa.Text(), nullable=False),
    sa.Column('officer_ids', sa.Text(), nullable=False),
    sa.Column('officer_words', sa.Text(), nullable=False),
    sa.Column('items', sa.Text(), nullable=False),
    sa.Column('planned_on', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('approved_at', sa.BigInteger(), nullable=True),
    sa.Column('notice_no', sa.String(), nullable=False),
    sa.Column('noticed_at', sa.BigInteger(), nullable=True),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('draw_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('drafter_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('drafter_name', sa.String(), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('case_no', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_inspections_id')
    )
    op.create_index('ix_inspections_enterprise', 'inspections', ['enterprise_id', 'planned_on'])
    op.create_index('ix_inspections_draw', 'inspections', ['draw_id'])
    op.create_index('ix_inspections_number', 'inspections', ['number'])
    op.create_index('ix_inspections_planned', 'inspections', ['planned_on'])
    op.create_index('ix_inspections_state', 'inspections', ['state', 'planned_on'])
    op.create_table('officers',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit_name', sa.String(), nullable=False),
    sa.Column('certificate_no', sa.String(), nullable=False),
    sa.Column('valid_from', sa.String(), nullable=True),
    sa.Column('valid_until', sa.String(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_officers_id')
    )
    op.create_table('patrol_plans',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('grid_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('road_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('template_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('frequency', sa.Text(), nullable=False),
    sa.Column('shift_start', sa.Text(), nullable=False),
    sa.Column('shift_end', sa.Text(), nullable=False),
    sa.Column('points', sa.Text(), nullable=False),
    sa.Column('units', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.String(), nullable=False),
    sa.Column('valid_until', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_patrol_plans_id')
    )
    op.create_table('patrol_rounds',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('plan_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('programme', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('shift_start', sa.Text(), nullable=True),
    sa.Column('shift_end', sa.Text(), nullable=True),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('grid_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('grid_code', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('street_name', sa.String(), nullable=False),
    sa.Column('road', sa.String(), nullable=False),
    sa.Column('template_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('template_name', sa.String(), nullable=False),
    sa.Column('points', sa.Text(), nullable=False),
    sa.Column('units', sa.Text(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('points_total', sa.Integer(), nullable=False),
    sa.Column('points_checked', sa.Integer(), nullable=False),
    sa.Column('finding_count', sa.Integer(), nullable=False),
    sa.Column('distance_m', sa.Float(), nullable=True),
    sa.Column('in_grid_s', sa.Integer(), nullable=True),
    sa.Column('gap_s', sa.Integer(), nullable=True),
    sa.Column('cancel_reason', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('source_system', sa.String(), nullable=False),
    sa.Column('source_no', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_patrol_rounds_id')
    )
    op.create_index('ix_patrol_rounds_day', 'patrol_rounds', ['day'])
    op.create_index('ix_patrol_rounds_grid_day', 'patrol_rounds', ['grid_code', 'day', 'state', 'street_code', 'points_total', 'points_checked', 'finding_count', 'distance_m'])
    op.create_index('ix_patrol_rounds_member_day', 'patrol_rounds', ['member_id', 'day'])
    op.create_index('ix_patrol_rounds_number', 'patrol_rounds', ['number'])
    op.create_index('ix_patrol_rounds_plan_day', 'patrol_rounds', ['plan_id', 'day'])
    op.create_index('ix_patrol_rounds_source_no', 'patrol_rounds', ['source_no', 'source_system'])
    op.create_index('ix_patrol_rounds_state_day', 'patrol_rounds', ['state', 'day'])
    op.create_index('ix_patrol_rounds_street_day', 'patrol_rounds', ['street_code', 'day'])
    op.create_table('road_segments',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('road_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('from_place', sa.String(), nullable=False),
    sa.Column('to_place', sa.String(), nullable=False),
    sa.Column('street_code', sa.String(), nullable=False),
    sa.Column('chief', sa.String(), nullable=False),
    sa.Column('lines', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_road_segments_id')
    )
    op.create_index('ix_road_segments_road', 'road_segments', ['road_id'])
    op.create_table('roll_calls',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('called_at', sa.BigInteger(), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('pool', sa.Text(), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_roll_calls_id')
    )
    op.create_index('ix_roll_calls_called', 'roll_calls', ['called_at'])
    op.create_table('tracks',
    sa.Column('rid', sa.Integer(), nullable=False),
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('member_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('round_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.BigInteger(), nullable=False),
    sa.Column('source_name', sa.String(), nullable=False),
    sa.Column('source_system', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('points', sa.Text(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('dropped', sa.Integer(), nullable=False),
    sa.Column('clock_shift_s', sa.Integer(), nullable=False),
    sa.Column('distance_m', sa.Float(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('id', name='uq_tracks_id')
    )
    op.create_index('ix_tracks_day', 'tracks', ['day', 'member_id'])
    op.create_index('ix_tracks_round', 'tracks', ['round_id'])
    op.create_index('ix_tracks_sha256', 'tracks', ['sha256'])
    # Plain ADD COLUMN with a default: a table of a million cases is not copied.
    op.add_column('cases', sa.Column('governance_grid', sa.String(), nullable=False, server_default=''))
    op.add_column('cases', sa.Column('facility_id', sa.LargeBinary(length=16), nullable=True))
    op.create_index('ix_cases_facility', 'cases', ['facility_id'], sqlite_where=sa.text('facility_id IS NOT NULL'))
    op.create_index('ix_cases_of_findings', 'cases', ['source_no'], sqlite_where=sa.text("source_system = 'finding' AND stage NOT IN ('closed', 'void')"))
    op.add_column('roads', sa.Column('level', sa.String(), nullable=False, server_default=''))
    op.add_column('roads', sa.Column('lines', sa.Text(), nullable=False, server_default='[]'))
    op.add_column('workers', sa.Column('number', sa.String(), nullable=False, server_default=''))
    op.add_column('workers', sa.Column('skills', sa.Text(), nullable=False, server_default='[]'))
    op.add_column('workers', sa.Column('certificates', sa.Text(), nullable=False, server_default='[]'))
    op.add_column('workers', sa.Column('seconded_to', sa.String(), nullable=False, server_default=''))
    op.add_column('workers', sa.Column('seconded_from', sa.String(), nullable=True))
    op.add_column('workers', sa.Column('seconded_until', sa.String(), nullable=True))


def downgrade() -> None:
    """A file never goes back; the copy made before the upgrade does."""
    raise NotImplementedError
