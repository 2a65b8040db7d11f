"""Problems of attendance, roll calls and tracks."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

TRACE_PROBLEMS: Mapping[str, ProblemEntry] = {
    "track.unreadable": ProblemEntry(
        "轨迹文件“{name}”读不出来:{reason}", "请用手持机或软件重新导出 GPX 或 CSV 文件,再导入"
    ),
}
