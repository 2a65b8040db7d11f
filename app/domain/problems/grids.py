"""Problems of grids, boundaries and roads."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

GRID_PROBLEMS: Mapping[str, ProblemEntry] = {
    "grid.code_taken": ProblemEntry("代码 {code} 已经有一个在用的同类网格", "请改代码;要改那一个网格,请直接打开它修改"),
    "grid.code_district": ProblemEntry(
        "代码 {code} 的前六位不是本区县的代码({district})", "请核对代码;代码按文本填写,前六位是区县代码"
    ),
    "grid.in_duty_grids": ProblemEntry(
        "单元网格 {code} 还在责任网格 {grids} 里", "请先从责任网格中去掉这个单元网格,再停用"
    ),
}
