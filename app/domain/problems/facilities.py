"""Problems of the register of facilities."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

FACILITY_PROBLEMS: Mapping[str, ProblemEntry] = {
    "facility.not_found": ProblemEntry("没有编号为“{number}”的部件。", "请核对标识码、户籍号,或在列表里按位置查找。"),
    "facility.code_shape": ProblemEntry(
        "标识码“{number}”不是 16 位数字,或顺序码为 0。", "请核对标识码;没有标识码时留空,由程序编发。"
    ),
    "facility.code_district": ProblemEntry(
        "标识码“{number}”的前六位不是本区县({district})。", "请核对标识码,或把这件部件交给所属区县登记。"
    ),
    "facility.code_category": ProblemEntry(
        "标识码“{number}”里的类别与登记的类别 {major}-{minor} 不一致。", "请改正类别或标识码,两者要说同一件事。"
    ),
    "facility.code_twice": ProblemEntry(
        "标识码“{number}”已经登记在“{place}”。", "请打开那件部件核对;是同一件就更新它,不是就改正标识码。"
    ),
    "facility.code_twice_in_file": ProblemEntry(
        "标识码“{number}”在第 {earlier} 行已经出现过。", "请核对这两行,删去重复的一行或改正标识码后再导入。"
    ),
    "facility.number_twice_in_file": ProblemEntry(
        "编号“{number}”在第 {earlier} 行已经出现过。", "请核对这两行,删去重复的一行或改正编号后再导入。"
    ),
    "facility.house_number_twice": ProblemEntry(
        "户籍号“{number}”已经登记在“{place}”。", "请核对井盖上的户籍牌,改正后再保存。"
    ),
    "facility.serials_full": ProblemEntry(
        "类别前缀“{prefix}”的顺序码已经用完。", "请与市平台联系,改用新的编码规则或扩展类别。"
    ),
    "facility.category_not_coded": ProblemEntry(
        "类别“{major}-{minor}”不能编 16 位标识码。", "请选择参考表里有两位大类、两位小类代码的部件类别。"
    ),
    "facility.category_unknown": ProblemEntry(
        "参考表里没有部件类别“{text}”。", "请在列表里选一个部件小类,或先导入本市的分类标准。"
    ),
    "facility.state_unknown": ProblemEntry("状态“{text}”不在完好、破损、丢失、废弃之中。", "请改成这四个词之一。"),
    "facility.says_nothing": ProblemEntry(
        "部件没有名称、类别、位置和编号,认不出是什么。", "请至少填写名称、类别、位置或标识码中的一项。"
    ),
    "facility.outside_district": ProblemEntry(
        "坐标不在本区县边界内。", "请核对经纬度和坐标系;确实在界外的照常登记,地图上看得到。"
    ),
    "facility.columns_swapped": ProblemEntry(
        "经度列“{longitude}”里是纬度,纬度列“{latitude}”里是经度。",
        "请勾选“经度和纬度两列对调”后再导入;用命令行时加 --swap。",
    ),
    "facility.system_unclear": ProblemEntry(
        "坐标数值像米而不像度,所选坐标系“{system}”用度。", "请选择 CGCS2000(米),或核对坐标列。"
    ),
    "facility.projection_unclear": ProblemEntry(
        "平面坐标 {x}, {y} 看不出是哪个 3 度带。", "请确认是 CGCS2000 3 度带坐标(米),并核对两列的先后。"
    ),
    "facility.no_column": ProblemEntry("表里没有能认出部件的列。", "请至少对应名称、标识码、来源编号、位置中的一列。"),
    "facility.field_unknown": ProblemEntry("部件没有“{name}”这一项;可用的有 {known}。", "请从列出的名称中选择。"),
    "facility.nothing_chosen": ProblemEntry("没有选中部件。", "请先在列表里选中一件或几件部件。"),
    "facility.too_many_for_round": ProblemEntry(
        "选中 {found} 件部件,一次普查最多 {limit} 件。", "请按街道、道路或网格筛选后分几次建普查。"
    ),
}
