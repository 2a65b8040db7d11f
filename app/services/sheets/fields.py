"""The fields a case can be imported into, and the header words cities use for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.base.words import N_
from app.domain.cases import CaseDraft

TEXT, CODE, INSTANT, LONGITUDE, LATITUDE, POINT, KIND = (
    "text",
    "code",
    "instant",
    "longitude",
    "latitude",
    "point",
    "kind",
)


@dataclass(frozen=True)
class ImportField:
    """One field. words: headers it is known by, the surest first. kind: how its cells are read."""

    name: str
    title: str
    words: tuple[str, ...]
    kind: str = TEXT


def _field(name: str, title: str, words: str, kind: str = TEXT) -> ImportField:
    """A field with its header words parted by bars."""
    return ImportField(name, title, tuple(words.split("|")), kind)


IMPORT_FIELDS: tuple[ImportField, ...] = (
    _field(
        "source_no",
        N_("来源编号"),
        "案件编号|案件号|案卷编号|案卷号|任务号|任务编号|工单编号|工单号|留言编号|受理编号|问题编号"
        "|事件编号|诉求编号|投诉编号|登记编号|来源编号|编号|流水号|Service Request Number|SR Number"
        "|case_enquiry_id|Unique Key|Case ID|Request ID|Ticket Number|service_request_id",
        CODE,
    ),
    _field(
        "reported_at",
        N_("上报时间"),
        "上报时间|发现时间|留言时间|受理时间|登记时间|投诉时间|反映时间|举报时间|采集时间|创建时间"
        "|来电时间|上报日期|发现日期|受理日期|登记日期|Created Date|Creation Date|open_dt|Opened"
        "|Requested Datetime|Date Created|Reported At",
        INSTANT,
    ),
    _field(
        "closed_at",
        N_("结案时间"),
        "结案时间|办结时间|完成时间|结案日期|办结日期|答复时间|Closed Date|Completion Date|closed_dt|Date Closed",
        INSTANT,
    ),
    _field(
        "subject",
        N_("标题"),
        "留言主题|案件标题|标题|主题|事件标题|工单标题|case_title|Subject Line|Title",
    ),
    _field(
        "description",
        N_("问题描述"),
        "问题描述|案件描述|事件描述|情况描述|描述|留言详情|诉求内容|投诉内容|反映内容|举报内容"
        "|留言内容|问题内容|内容|事由|Description|Descriptor|Nature of Violation|Details"
        "|Complaint Details",
    ),
    _field(
        "kind",
        N_("部件/事件"),
        "部件事件|案件类别|案卷类别|部件或事件|案件属性|类别",
        KIND,
    ),
    _field(
        "major",
        N_("大类"),
        "大类名称|大类|一级分类|问题大类|案件大类|Complaint Type|reason|Type of Service Request",
    ),
    _field("minor", N_("小类"), "小类名称|小类|二级分类|问题小类|案件小类|type"),
    _field("major_code", N_("大类代码"), "大类代码|大类编码|大类编号", CODE),
    _field("minor_code", N_("小类代码"), "小类代码|小类编码|小类编号", CODE),
    _field(
        "category",
        N_("问题类型"),
        "问题类型|案件类型|问题分类|事件类型|诉求类型|分类|类型|三级分类|Category|Service Name",
    ),
    _field(
        "address",
        N_("地址"),
        "案发位置|案发地址|问题地址|事发地点|事发地址|案发地点|发生地点|详细地址|地址描述|位置描述"
        "|地址|地点|位置|Incident Address|Street Address|Address|location",
    ),
    _field(
        "road",
        N_("道路"),
        "道路名称|所在道路|所属道路|道路|路名|Street Name|location_street_name",
    ),
    _field("house_no", N_("门牌"), "门牌号|门牌|楼牌号|House Number"),
    _field(
        "street",
        N_("街道"),
        "所属街道|街道名称|所在街道|街道办|街道办事处|街道|乡镇街道|镇街|neighborhood|Borough",
    ),
    _field("community", N_("社区"), "所属社区|社区名称|所在社区|社区|村居|社区村"),
    _field("longitude", N_("经度"), "经度|X坐标|坐标X|Longitude|lng|lon", LONGITUDE),
    _field("latitude", N_("纬度"), "纬度|Y坐标|坐标Y|Latitude|lat", LATITUDE),
    _field("point", N_("经纬度"), "经纬度|坐标|经纬度坐标|位置坐标", POINT),
    _field(
        "reporter",
        N_("上报人"),
        "上报人|上报人姓名|举报人|投诉人|反映人|来电人|诉求人|联系人|留言用户|上报人员|Reporter",
    ),
    _field(
        "phone",
        N_("联系电话"),
        "联系电话|电话|手机|手机号|手机号码|来电号码|电话号码|举报人电话|联系方式|Phone",
        CODE,
    ),
    _field("collector", N_("采集员"), "采集员|监督员|信息采集员|网格员"),
    _field(
        "source",
        N_("来源"),
        "问题来源|案件来源|案卷来源|信息来源|来源|受理渠道|渠道|source|Open Data Channel Type",
    ),
    _field(
        "unit",
        N_("处置部门"),
        "处置部门|责任单位|承办单位|处置单位|办理单位|责任部门|department|Agency Name",
    ),
    _field(
        "status",
        N_("案件状态"),
        "案件状态|状态|办理状态|当前环节|当前阶段|处理状态|case_status|Status",
    ),
    _field(
        "answer",
        N_("办理结果"),
        "答复意见|处置结果|办理结果|处理结果|处置情况|办理情况|closure_reason|Resolution Description",
    ),
)

FIELD_BY_NAME = {field.name: field for field in IMPORT_FIELDS}
REQUIRED = ("reported_at",)
SAYING_WHAT = ("description", "subject", "category", "major", "minor")

_RECORD_NAMES = {
    "reporter": "reporter_name",
    "phone": "reporter_phone",
    "collector": "collector_name",
    "street": "street_text",
    "community": "street_text",
    "category": "category_text",
    "major": "category_text",
    "minor": "category_text",
}


@cache
def longest(field: str) -> int | None:
    """How many characters the case keeps of a field, as its record says; None for no limit of its own."""
    known = CaseDraft.model_fields.get(_RECORD_NAMES.get(field, field))
    limits = [mark.max_length for mark in known.metadata if hasattr(mark, "max_length")] if known else []
    return int(limits[0]) if limits else None
