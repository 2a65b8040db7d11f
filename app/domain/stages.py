"""The stages a case stands in, their names, and the groups an office speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where a case stands. Source: case-workflow specification of Yuncheng's open system; 2.4 and 4.2 of our notes."""

    REPORTED = "reported"
    PENDING_REGISTER = "pending_register"
    VERIFYING = "verifying"
    RETURNED_ACCEPTOR = "returned_acceptor"
    PENDING_DISPATCH = "pending_dispatch"
    RETURNED_DISPATCHER = "returned_dispatcher"
    PENDING_HANDLE = "pending_handle"
    HANDLING = "handling"
    HANDLE_FINISHED = "handle_finished"
    PENDING_REVIEW = "pending_review"
    PENDING_CLOSE = "pending_close"
    CHECKING = "checking"
    CITY_REVIEW = "city_review"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    VOID = "void"


STAGE_TITLES: Mapping[Stage, str] = {
    Stage.REPORTED: "已上报",
    Stage.PENDING_REGISTER: "待立案",
    Stage.VERIFYING: "核实中",
    Stage.RETURNED_ACCEPTOR: "退回受理员",
    Stage.PENDING_DISPATCH: "待派遣",
    Stage.RETURNED_DISPATCHER: "退回派遣员",
    Stage.PENDING_HANDLE: "待处置",
    Stage.HANDLING: "处置中",
    Stage.HANDLE_FINISHED: "待部门确认",
    Stage.PENDING_REVIEW: "待派遣员审核",
    Stage.PENDING_CLOSE: "待结案",
    Stage.CHECKING: "核查中",
    Stage.CITY_REVIEW: "待市审核",
    Stage.SUSPENDED: "挂账",
    Stage.CLOSED: "已结案",
    Stage.VOID: "已作废",
}

CLOSED_STAGES = frozenset({Stage.CLOSED, Stage.VOID})
OPEN_STAGES = frozenset(Stage) - CLOSED_STAGES
RETURNED_STAGES = frozenset({Stage.RETURNED_ACCEPTOR, Stage.RETURNED_DISPATCHER})
HANDLE_STAGES = frozenset({Stage.PENDING_HANDLE, Stage.HANDLING, Stage.HANDLE_FINISHED})
BEFORE_FILING = frozenset({Stage.REPORTED, Stage.PENDING_REGISTER, Stage.VERIFYING, Stage.RETURNED_ACCEPTOR})

WAITS_FOR: Mapping[str, frozenset[Stage]] = {
    # Flow role -> stages in which the next step is theirs.
    "acceptor": frozenset({Stage.REPORTED, Stage.PENDING_REGISTER, Stage.RETURNED_ACCEPTOR, Stage.PENDING_CLOSE}),
    "collector": frozenset({Stage.VERIFYING, Stage.CHECKING}),
    "dispatcher": frozenset({Stage.PENDING_DISPATCH, Stage.RETURNED_DISPATCHER, Stage.PENDING_REVIEW}),
    "unit": frozenset({Stage.PENDING_HANDLE, Stage.HANDLE_FINISHED}),
    "handler": frozenset({Stage.HANDLING}),
    "city": frozenset({Stage.CITY_REVIEW}),
}

CLOCK_TITLES: Mapping[str, str] = {
    "accept": "受理",
    "dispatch": "派遣",
    "handle": "处置",
    "close_accept": "结案",
    "verify_task": "核实",
    "check_task": "核查",
}
