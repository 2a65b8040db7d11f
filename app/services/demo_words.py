"""Invented words for the demonstration district: units by their trade, well-known road names, nobody's real name."""

from __future__ import annotations

from app.base.words import N_

UNITS = (
    ("HW", N_("环卫清洁中心")),
    ("SZ", N_("市政设施中心")),
    ("YL", N_("园林绿化中心")),
    ("ZF", N_("综合行政执法大队")),
    ("GG", N_("户外广告管理科")),
    ("ZM", N_("城市照明科")),
    ("PS", N_("排水管护队")),
    ("JB", N_("街道办事处城管办")),
)
ROADS = tuple(
    N_(name)
    for name in (
        "花园路",
        "文化路",
        "经三路",
        "经八路",
        "纬一路",
        "纬五路",
        "农业路",
        "东风路",
        "丰产路",
        "红专路",
        "黄河路",
        "金水路",
        "人民路",
        "二七路",
        "南阳路",
        "政七街",
        "优胜路",
        "任砦北街",
        "健康路",
        "关虎屯街",
    )
)
COLLECTORS = tuple(N_("采集员{n}").format(n=n) for n in "甲乙丙丁戊己庚辛壬癸子丑")
HANDLERS = (
    (N_("处置员甲"), "环卫清洁中心"),
    (N_("处置员乙"), "市政设施中心"),
    (N_("处置员丙"), "园林绿化中心"),
    (N_("处置员丁"), "综合行政执法大队"),
    (N_("处置员戊"), "综合行政执法大队"),
    (N_("处置员己"), "排水管护队"),
)
REPORTERS = (N_("李某"), N_("王某"), N_("张某"), N_("赵某"), N_("陈某"), N_("刘某"))
TEMPLATES = (
    (N_("占道经营"), N_("{地点}有商贩占道经营,影响行人通行,请派人到场劝离。")),
    (N_("暴露垃圾"), N_("{地点}有暴露垃圾堆积,请尽快清运并保洁。")),
    (N_("井盖破损"), N_("{地点}井盖破损,有安全隐患,请先围护再更换。")),
    (N_("路灯不亮"), N_("{地点}路灯不亮,附近居民夜间出行不便,请检修。")),
)
NEARBY = (N_("地铁口"), N_("公交站旁"), N_("小区东门"), N_("学校对面"), N_("超市门口"), N_("十字路口西北角"))
ASKED = (
    N_("{place}{thing},影响市容,请尽快处理。"),
    N_("居民反映{place}{thing},已持续两天。"),
    N_("巡查发现{place}{thing},现场已拍照。"),
    N_("{place}附近{thing},行人通行不便。"),
)
VOID_REASON = N_("现场核实不符合立案条件")
SUSPEND_REASON = N_("涉及道路大修,等待施工")
RETURN_REASON = N_("不属于本部门管理范围")
APPROVER = N_("值班长")
GRID_NOTE = N_("演示网格,不是真实边界")
DUTY_NAME = N_("{street}第{n}责任网格")
CHIEF = N_("路长{n}")
CHIEFS = "甲乙丙丁戊"
ROAD_LEVELS = (N_("主干道"), N_("次干道"), N_("支路"))
SKILLS = (N_("市容秩序"), N_("环境卫生"), N_("园林绿化"), N_("市政设施"), N_("无人机"))
CERTIFICATE = N_("网格员上岗证")
HOUSE_POINT = N_("{road}{n}号")
POINT_NEAR = (N_("公交站"), N_("菜市场门口"), N_("中学东门"), N_("社区广场"), N_("地铁口"), N_("沿街商铺"))
PLAN_NAME = N_("{template} {grid}")
JOINT_PLAN = N_("夜市联合执法")
JOINT_UNITS = (N_("综合行政执法大队"), N_("环卫清洁中心"))
DUST_PLAN = N_("以克论净 {road}")
SEEN = (N_("{place}:{item}不合格,已拍照。"), N_("{place}发现“{item}”问题,请处理。"))
SETTLED_NOTE = N_("当场劝离,已恢复")
WATCH_NOTE = N_("施工未完,下次再看")
DROPPED_NOTE = N_("复看时已不存在")
CANCEL_REASON = N_("暴雨,取消当日巡查")
ROLL_NOTE = N_("每周抽查")
DAY_NOTE = N_("家中有事")
ANSWER_NOTE = N_("电话未接")
FACILITY_SOURCE = N_("演示普查")
FACILITY_NAMES = {
    "vendors": N_("{road}便民疏导点"),
    "fountains": N_("{road}直饮水点"),
    "rest_stations": N_("{road}城管驿站"),
    "flood_points": N_("{road}积水点"),
    "toilets": N_("{road}公厕"),
}
FACILITY_MINORS = {
    "manholes": ("上水井盖", "污水井盖", "雨水井盖", "雨水箅子", "电力井盖", "通信井盖", "燃气井盖"),
    "lamps": ("路灯", "路灯", "路灯", "景观灯"),
    "toilets": ("公共厕所",),
    "advertising": ("户外广告", "牌匾标识"),
    "rest_stations": ("休息亭",),
    "other": ("报刊亭", "户外健身设施", "宣传栏"),
}
FACILITY_OWNERS = {"manholes": "PS", "lamps": "ZM", "toilets": "HW", "advertising": "GG"}
FACILITY_ATTRIBUTES = {
    "manholes": {"cover_material": N_("球墨铸铁"), "diameter": "700", "fall_net": N_("有")},
    "lamps": {"height": "10", "watts": "150", "light_source": "LED"},
    "toilets": {"hours": "06:00-22:00", "stalls_men": "6", "stalls_women": "10", "accessible": "1"},
    "advertising": {"area": "12", "form": N_("墙面")},
    "vendors": {"hours": "17:00-22:00", "stalls": "24"},
    "fountains": {"hours": "07:00-21:00"},
    "rest_stations": {"hours": "06:00-22:00", "services": N_("饮水、休息、充电")},
    "flood_points": {"max_depth": "28", "cause": N_("地势低洼")},
}
SHOP_NAMES = (N_("演示餐饮店{n:02d}"), N_("演示五金店{n:02d}"), N_("演示建材仓库{n:02d}"), N_("演示洗车行{n:02d}"))
SHOP_KINDS = (N_("餐饮"), N_("零售"), N_("仓储"), N_("服务"))
OFFICERS = (
    (N_("执法员甲"), N_("综合行政执法大队")),
    (N_("执法员乙"), N_("综合行政执法大队")),
    (N_("执法员丙"), N_("综合行政执法大队")),
    (N_("执法员丁"), N_("环卫清洁中心")),
    (N_("执法员戊"), N_("环卫清洁中心")),
)
MATTER = N_("市容环境卫生责任落实情况")
MATTERS_NAME = N_("市容环卫行政检查事项(演示)")
MATTERS = (N_("门前三包责任落实"), N_("餐厨垃圾分类和交运"), N_("店招和户外广告设置"), N_("油烟和噪声防治"))
MATTERS_BASIS = N_("演示事项,不是公布的清单")
EXEMPT = N_("群众举报油烟直排")
DRAW_NOTE = N_("四季度双随机抽查")
