"""Problems of grids, boundaries and roads."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

GRID_PROBLEMS: Mapping[str, ProblemEntry] = {
    "grid.code_taken": ProblemEntry("代码 {code} 已经有一个在用的同类网格", "请改代码;要改那一个网格,请直接打开它修改"),
    "grid.code_district": ProblemEntry(
        "代码 {code} 的前六位不是本区县的代码({district})", "请核对代码;代码按文本填写,前六位是区县代码"
    ),
    "grid.file_unreadable": ProblemEntry(
        "“{file}”第 {line} 行附近不是正确的 GeoJSON", "请重新导出文件;需要 UTF-8 编码的 GeoJSON(FeatureCollection)"
    ),
    "grid.file_missing": ProblemEntry("打不开“{file}”", "请检查文件是否还在、是否被别的程序占用"),
    "grid.file_too_large": ProblemEntry("“{file}”有 {megabytes} MB,超过 {most} MB", "请按类别或街道分成几个文件再导入"),
    "grid.geometry_kind": ProblemEntry(
        "图形类型是 {kind},这里需要面或线", "边界需要 Polygon 或 MultiPolygon,道路需要 LineString"
    ),
    "grid.geometry_unreadable": ProblemEntry("图形的坐标读不出来", "请检查这一条的坐标:每个点两个数,面至少四个点"),
    "grid.geometry_crossing": ProblemEntry(
        "边界自相交({reason})", "请在制图软件里改好,或勾选“修复自相交的边界”后再看会怎样改"
    ),
    "grid.geometry_empty": ProblemEntry("修复后没有剩下面积", "请在制图软件里重新画这一块"),
    "grid.axes_swapped": ProblemEntry("经度和纬度写反了", "请勾选“经纬度写反的改正过来”"),
    "grid.values_elsewhere": ProblemEntry("坐标不在中国范围内", "请检查坐标系和数值"),
    "grid.system_mixed": ProblemEntry(
        "坐标值与所选坐标系({system})不符", "米为单位的坐标只能是 CGCS2000 投影;一个文件只能用一种坐标系,请分开导入"
    ),
    "grid.system_doubted": ProblemEntry(
        "所选坐标系是 {chosen},文件看来是 {proposed}",
        "选错会偏移几百米;请改为 {proposed},确实是 {chosen} 的请加 --trust-system",
    ),
    "grid.code_missing": ProblemEntry("没有代码", "请选择哪一列是代码,或在文件里补上"),
    "grid.name_missing": ProblemEntry("没有名称", "请选择哪一列是名称,或在文件里补上"),
    "grid.kind_unknown": ProblemEntry("不认识的类别“{kind}”", "请写区县、街道、社区、单元、责任或治理网格"),
    "grid.code_twice": ProblemEntry(
        "代码 {code} 在文件里出现过,第 {row} 条也是", "同一类别里代码不能重复,请改好后再导入"
    ),
    "grid.road_unknown": ProblemEntry("没有找到道路“{road}”", "请先导入或新建这条道路,再导入它的路段"),
    "grid.overlaps_not_accepted": ProblemEntry(
        "有 {n} 处重叠,最大 {area} 平方米", "请看清重叠的网格;确实要这样导入,请勾选“接受重叠和缝隙”"
    ),
    "grid.member_owns": ProblemEntry(
        "{name} 还负责网格 {grids}", "请在“人员考勤”里停用并选择接手的人,网格会一起移交;或先在“网格”里改网格员"
    ),
    "grid.unit_taken": ProblemEntry(
        "单元网格 {codes} 已经在责任网格 {duty} 里", "一个单元网格只属于一个责任网格;请先从 {duty} 中去掉"
    ),
    "grid.edit_crosses": ProblemEntry("这样改,边界会自相交({reason})", "请换一个位置;边界还是改之前的样子"),
    "grid.edit_too_few": ProblemEntry("一个面至少要有 {n} 个角", "不要的面请整块停用或重新导入"),
    "grid.road_taken": ProblemEntry("已经有一条叫“{road}”的道路", "请打开那一条修改;同名的两条路请在名称后注明街道"),
    "grid.in_duty_grids": ProblemEntry(
        "单元网格 {code} 还在责任网格 {grids} 里", "请先从责任网格中去掉这个单元网格,再停用"
    ),
}
