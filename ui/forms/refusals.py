"""What pydantic refused, as Chinese sentences at the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from app.base.words import N_, _

SENTENCES: Mapping[str, str] = {
    "missing": N_("请填写{title}"),
    "string_too_short": N_("{title}至少 {min_length} 个字"),
    "string_too_long": N_("{title}最多 {max_length} 个字"),
    "string_type": N_("请填写{title}"),
    "string_pattern_mismatch": N_("{title}的格式不对"),
    "enum": N_("请从列表中选择{title}"),
    "literal_error": N_("请从列表中选择{title}"),
    "int_type": N_("{title}要填整数"),
    "int_parsing": N_("{title}要填整数"),
    "int_from_float": N_("{title}要填整数"),
    "float_type": N_("{title}要填数字"),
    "float_parsing": N_("{title}要填数字"),
    "decimal_parsing": N_("{title}要填数字"),
    "bool_type": N_("请选择{title}"),
    "greater_than": N_("{title}要大于 {gt}"),
    "greater_than_equal": N_("{title}不能小于 {ge}"),
    "less_than": N_("{title}要小于 {lt}"),
    "less_than_equal": N_("{title}不能大于 {le}"),
    "date_type": N_("{title}要填日期,例如 2026-11-21"),
    "date_parsing": N_("{title}要填日期,例如 2026-11-21"),
    "date_from_datetime_parsing": N_("{title}要填日期,例如 2026-11-21"),
    "datetime_type": N_("{title}要填日期和时间,例如 2026-11-21 09:30"),
    "datetime_parsing": N_("{title}要填日期和时间,例如 2026-11-21 09:30"),
    "datetime_from_date_parsing": N_("{title}要填日期和时间,例如 2026-11-21 09:30"),
    "timezone_aware": N_("{title}要带时区"),
    "uuid_parsing": N_("请从列表中选择{title}"),
    "uuid_type": N_("请从列表中选择{title}"),
    "too_long": N_("{title}最多 {max_length} 项"),
    "too_short": N_("{title}至少 {min_length} 项"),
    "extra_forbidden": N_("{title}不是这里的字段"),
}
OTHERWISE = N_("{title}填写有误")


def refusals(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    """A sentence by field name, the first trouble of each field; "" holds what concerns the whole."""
    told: dict[str, str] = {}
    for trouble in error.errors(include_url=False, include_input=False):
        field_name = str(trouble["loc"][0]) if trouble["loc"] else ""
        told.setdefault(field_name, sentence(trouble["type"], title_of(model, field_name), trouble.get("ctx", {})))
    return told


def sentence(kind: str, title: str, values: Mapping[str, Any]) -> str:
    """The sentence for one kind of trouble."""
    return _(SENTENCES.get(kind, OTHERWISE)).format(title=title, **values)


def title_of(model: type[BaseModel], field_name: str) -> str:
    """The title a record says of its field, in the language in use."""
    field = model.model_fields.get(field_name)
    return _(field.title) if field is not None and field.title else field_name or _("内容")
