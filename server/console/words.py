"""How the console says things: instants, sizes, states and codes in the operator's words. The console speaks Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.catalog import TYPE_NAMED
from app.domain.permissions import OFFICE_ROLE_TITLES, OfficeRole
from app.domain.problems import Problem
from app.domain.problems.catalog import PROBLEMS

ZONE = ZoneInfo("Asia/Shanghai")
_KIB = 1024

DONE: Mapping[str, str] = {
    "code.withdraw": "代码已撤回,不能再用。",
    "dead_letter.seen": "已记为看过。",
    "device.reinstate": "电脑已恢复接入。",
    "device.revoke": "电脑已停用。它以后送来的内容进入待审。",
    "password": "密码已更改,其他地方的登录已结束。",
    "person.add": "人员已登记,各区县电脑下次同步时收到。",
    "person.map": "已对应为同一人。",
    "person.reinstate": "人员已恢复。",
    "person.revoke": "人员已停用。以后以其名义送来的内容进入待审。",
    "person.set_roles": "角色已更改,各区县电脑下次同步时收到。",
    "reference.promote": "已发布,全市电脑下次同步时收到。",
    "review.accept": "已接受,内容已进入区县的数据。",
    "review.refuse": "已退回,电脑下次同步时会看到理由。",
    "signed_out": "已退出。",
}

DEEDS: Mapping[str, str] = {
    "city.restore": "恢复市平台",
    "code.new": "生成一次性代码",
    "code.withdraw": "撤回一次性代码",
    "dead_letter.seen": "看过死信",
    "device.enrol": "电脑接入",
    "device.reinstate": "恢复电脑",
    "device.renew": "电脑换新身份",
    "device.revoke": "停用电脑",
    "district.add": "添加区县",
    "operator.add": "添加操作员",
    "operator.reinstate": "恢复操作员",
    "operator.set_password": "更改操作员密码",
    "operator.sign_in": "登录",
    "operator.sign_in_failed": "登录失败",
    "operator.sign_out": "退出",
    "operator.stop": "停用操作员",
    "person.add": "登记人员",
    "person.map": "对应人员",
    "person.reinstate": "恢复人员",
    "person.revoke": "停用人员",
    "person.roles": "更改角色",
    "reference.promote": "发布区县的版本",
    "reference.publish": "发布标准版本",
    "review.accepted": "接受待审内容",
    "review.refused": "退回待审内容",
    "sealed.take": "收下密封文件",
    "record.move": "移到另一区县",
}

LONGEST_RAW = 4000
STATUSES: Mapping[str, str] = {
    "applied": "已接收",
    "merged": "已合并",
    "duplicate": "已有",
    "conflict": "冲突",
    "refused": "退回",
    "held": "等待",
}

KINDS: Mapping[str, str] = {
    "enrol": "接入",
    "files": "文件",
    "numbers": "取号段",
    "pull": "接收",
    "push": "发送",
    "request": "请求",
    "sealed": "密封文件",
    "snapshot": "取全部内容",
}

PERSON_STATES: Mapping[str, tuple[str, str]] = {
    "active": ("good", "在用"),
    "revoked": ("bad", "已停用"),
    "to_map": ("warn", "待对应"),
}

REVIEW_REASONS: Mapping[str, str] = {
    "device_revoked": "电脑已停用",
    "person_revoked": "人员已停用",
    "sync.device_revoked": "电脑已停用",
    "sync.person_revoked": "人员已停用",
}

REVIEW_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("warn", "等待"),
    "accepted": ("good", "已接受"),
    "refused": ("bad", "已退回"),
}

TABLES: Mapping[str, str] = {
    "standards": "立案、处置和结案标准",
    "stage_limits": "环节时限",
    "workdays": "节假日与调休",
    "flow": "案件流程",
    "code_lists": "代码表",
    "divisions": "行政区划",
}


def local(at: datetime | None) -> str:
    """An instant on the operator's clock, to the minute."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def exact(at: datetime | None) -> str:
    """An instant on the operator's clock, to the second."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def size(count: int) -> str:
    """A number of bytes, short."""
    value, units = float(count), ["字节", "KB", "MB", "GB", "TB"]
    while value >= _KIB and len(units) > 1:
        value /= _KIB
        units.pop(0)
    return f"{count} 字节" if units[0] == "字节" else f"{value:.1f} {units[0]}"


def offset(milliseconds: int) -> str:
    """How far a PC's clock is off; "" below a second."""
    seconds = round(abs(milliseconds) / 1000)
    if not seconds:
        return "准"
    amount = (
        f"{seconds} 秒" if seconds < 120 else f"{seconds // 60} 分" if seconds < 7200 else f"{seconds // 3600} 小时"
    )
    return ("快 " if milliseconds > 0 else "慢 ") + amount


def code(text: str, details: Mapping[str, object] | None = None) -> str:
    """A problem's code in words; the code itself when the catalogue does not know it."""
    entry = PROBLEMS.get(text)
    return entry.text.format_map(_Shown(details or {})) if entry else text


def problem(raised: Problem) -> tuple[str, str]:
    """What is wrong, and what to do."""
    return raised.entry.text.format(**raised.details), raised.entry.cure.format(**raised.details)


def roles(values: object) -> str:
    """Roles as a row of titles."""
    named = [role for role in OfficeRole if role in _texts(values)]
    return "、".join(OFFICE_ROLE_TITLES[role] for role in named) or "无角色"


def type_title(name: str) -> str:
    """What a record type is called."""
    kind = TYPE_NAMED.get(name)
    return kind.title if kind else name


def field_title(type_name: str, field: str) -> str:
    """What a field is called; its own name when this program does not know it."""
    kind = TYPE_NAMED.get(type_name)
    # A record the city never took in has no type here: the first type that knows the field names it.
    kinds = [kind] if kind else TYPE_NAMED.values()
    titles = (one.record.model_fields[field].title for one in kinds if field in one.record.model_fields)
    return next((title for title in titles if title), field)


def value(of: Any) -> str:
    """A JSON value as a person reads it, at most 400 characters."""
    if of is None or of in ("", [], {}):
        return "(空)"
    if isinstance(of, bool):
        return "是" if of else "否"
    text = "、".join(map(str, of)) if isinstance(of, list) else str(of)
    return text if len(text) <= 400 else text[:400] + "…"


def shortened(text: str) -> str:
    """What was answered, as far as anybody reads it: an outline of a grid alone has a hundred thousand letters."""
    return text if len(text) <= LONGEST_RAW else f"{text[:LONGEST_RAW]}…(共 {len(text)} 字)"


def _texts(values: object) -> set[str]:
    return {str(one) for one in values} if isinstance(values, (list, tuple, set, frozenset)) else set()


class _Shown(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


def person_state(person: Any) -> tuple[str, str]:
    """The kind of mark and the word for a person's state."""
    if person.mapped_to is not None:
        return "", "对应到另一标识"
    return PERSON_STATES.get(person.state, ("", person.state))


def number_range(block: Any) -> str:
    """The first and the last number of a block, as they are printed."""
    try:
        return f"{block.pattern.format(n=block.first)} 至 {block.pattern.format(n=block.last)}"
    except (LookupError, ValueError, AttributeError):
        return f"{block.first} 至 {block.last}"


FILTERS: Mapping[str, Callable[..., object]] = {
    "local": local,
    "exact": exact,
    "size": size,
    "offset": offset,
    "code": code,
    "roles": roles,
    "type_title": type_title,
    "value": value,
    "shortened": shortened,
    "status": lambda name: STATUSES.get(name, name),
    "deed": lambda name: DEEDS.get(name, name),
    "attempt": lambda name: KINDS.get(name, name),
    "number_range": number_range,
    "person_state": person_state,
    "review_reason": lambda name: REVIEW_REASONS.get(name, code(name)),
    "review_state": lambda name: REVIEW_STATES.get(name, ("", name)),
    "table": lambda name: TABLES.get(name, name),
}
