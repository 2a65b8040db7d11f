"""Plain functions that build what a test is about, with honest defaults for the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

from PIL import Image

from app.base import reference_builtin as builtin
from app.domain.case_judgement import FlowContext, StepInputs
from app.domain.cases import Case, CaseDraft, CaseKind
from app.domain.deadlines import Limit, LimitUnit
from app.domain.permissions import Actor, OfficeRole
from app.domain.reference import Condition
from app.domain.stages import Stage

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TWO_HOURS = Limit(value=2, unit=LimitUnit.HOUR, text="2紧急工作时")
CONDITION = Condition(no=1, filing="出店摆放或跨门经营", closing="取缔", limit=TWO_HOURS, limit_text="2紧急工作时")
UNIT_A, UNIT_B = UUID(int=0xA), UUID(int=0xB)
PASSWORD = "Zheng-zhou-2026"


def an_actor(*roles: OfficeRole, name: str = "张敏") -> Actor:
    """Somebody with these office roles; all of them when none is named."""
    held = frozenset(roles or OfficeRole)
    return Actor(UUID(int=hash((name, tuple(sorted(held)))) & (2**128 - 1)), name, held, UUID(int=1))


def a_case(**what_matters: object) -> Case:
    """A case waiting to be filed."""
    fields: dict[str, object] = {
        "id": uuid4(),
        "created_at": NINE,
        "changed_at": NINE,
        "local_no": "JS-ABCD-261102-0001",
        "kind": CaseKind.EVENT,
        "major": "04",
        "minor": "05",
        "minor_name": "店外经营",
        "address": "纬一路12号",
        "reported_at": NINE,
        "stage": Stage.PENDING_REGISTER,
        "stage_at": NINE,
    }
    return Case.model_validate({**fields, **what_matters})


def a_draft(**what_matters: object) -> CaseDraft:
    """What a clerk typed for a call about a shop on the pavement."""
    fields: dict[str, object] = {
        "source": "hotline_12319",
        "kind": CaseKind.EVENT,
        "major": "04",
        "minor": "05",
        "condition_no": 1,
        "street_code": "410105001",
        "road": "纬一路",
        "house_no": "12",
        "description": "店外经营,占用人行道",
    }
    return CaseDraft.model_validate({**fields, **what_matters})


def a_context(now: datetime = NINE, **what_matters: object) -> FlowContext:
    """The built-in tables at one moment."""
    return FlowContext(
        now=now,
        workflow=builtin.workflow(),
        calendar=builtin.workday_table().calendar(),
        stage_limits=builtin.stage_limits(),
        **what_matters,  # type: ignore[arg-type]
    )


def inputs(**what_matters: object) -> StepInputs:
    """Inputs that let any step through, unless said otherwise."""
    fields: dict[str, object] = {
        "note": "说明",
        "condition": CONDITION,
        "closing": "取缔",
        "unit_id": UNIT_A,
        "unit_name": "综合行政执法大队",
        "handler_name": "处置员甲",
        "acceptor_id": an_actor().person_id,
        "acceptor_name": an_actor().name,
        "approved_by": "值班长",
        "result": "ok",
    }
    return StepInputs(**{**fields, **what_matters})  # type: ignore[arg-type]


def a_picture(comment: str = "") -> bytes:
    """A small JPEG; the comment stands in its bytes as it is."""
    file = BytesIO()
    Image.new("RGB", (320, 200), "seagreen").save(file, "JPEG", comment=comment.encode())
    return file.getvalue()
