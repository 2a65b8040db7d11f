"""One step of a case in words: what was done, what was given with it, and where it led; for screens and paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.base.problem_words import problem_text
from app.base.words import N_, _
from app.domain.cases import SUPERVISE_TITLES, CaseStep, SuperviseLevel
from app.domain.office import Office
from app.domain.problems import Problem
from app.domain.workflow import Workflow
from app.services.case_words import stage_word, swapped
from app.services.reference import OFFICE_ZONE

PLAIN_STEPS: Mapping[str, str] = {
    "report": N_("上报"),
    "correct": N_("更正"),
    "link": N_("关联案件"),
    "import": N_("表格导入"),
    "update": N_("表格更新"),
}
FLOW_ROLE_TITLES: Mapping[str, str] = {
    "acceptor": N_("受理员"),
    "dispatcher": N_("派遣员"),
    "unit": N_("处置部门"),
    "handler": N_("处置人员"),
    "collector": N_("采集员"),
    "leader": N_("领导"),
    "admin": N_("管理员"),
    "district": N_("区平台"),
    "city": N_("市平台"),
    "system": N_("程序"),
}
RESULT_TITLES: Mapping[str, str] = {"ok": N_("达标"), "not_ok": N_("不达标")}


def action_word(action: str, workflow: Workflow, office: Office) -> str:
    """The name of an action as this office says it."""
    return _(PLAIN_STEPS[action]) if action in PLAIN_STEPS else _(swapped(workflow.title(action), office))


def stages_word(step: CaseStep, office: Office) -> str:
    """待派遣 → 待处置; nothing when the step moved nothing."""
    if step.from_stage is None or step.from_stage == step.to_stage:
        return ""
    return f"{stage_word(step.from_stage, office)} → {stage_word(step.to_stage, office)}"


def inputs_words(inputs: Mapping[str, Any]) -> str:
    """What a person gave with a step: 处置部门 市政设施中心;批准人 王局."""
    parts = [words(inputs[field]) for field, words in _INPUTS.items() if inputs.get(field)]
    return _(";").join(parts)


def roles_words(roles: str) -> str:
    """Role names for the codes of a refusal."""
    return "、".join(_(FLOW_ROLE_TITLES.get(role, role)) for role in roles.split())


def _titled(title: str) -> Callable[[Any], str]:
    return lambda value: f"{_(title)} {value}"


def _condition(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{_('立案条件')} {value}"
    said = f"{_('立案条件')} {value.get('no', '')} {value.get('filing', '')}".rstrip()
    return f"{said}({value['limit']})" if value.get("limit") else said


def _until(value: Any) -> str:
    until = datetime.fromisoformat(str(value)).astimezone(OFFICE_ZONE)
    return _("挂账至 {day}").format(day=f"{until:%Y-%m-%d}")


def _result(value: Any) -> str:
    return f"{_('结果')} {_(RESULT_TITLES.get(str(value), str(value)))}"


def _level(value: Any) -> str:
    return _(SUPERVISE_TITLES[SuperviseLevel(str(value))])


_INPUTS: Mapping[str, Callable[[Any], str]] = {
    "unit_name": _titled(N_("处置部门")),
    "handler_name": _titled(N_("处置人员")),
    "acceptor_name": _titled(N_("受理员")),
    "collector_name": _titled(N_("采集员")),
    "condition": _condition,
    "closing": _titled(N_("结案条件")),
    "until": _until,
    "approved_by": _titled(N_("批准人")),
    "result": _result,
    "level": _level,
}


def refusal_text(problem: Problem) -> str:
    """What went wrong in one sentence; roles of the flow by their names."""
    if problem.code != "case.role_missing":
        return problem_text(problem)
    action, roles = str(problem.details["action"]), str(problem.details["roles"])
    return _(problem.entry.text).format(action=_(action), roles=roles_words(roles))
