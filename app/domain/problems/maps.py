"""Problems of the map and its files."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

MAP_PROBLEMS: Mapping[str, ProblemEntry] = {
    "map.tiles_missing": ProblemEntry(
        "找不到底图文件“{name}”。",
        "请检查文件是否移动或改名(在移动硬盘上的请先插好),或重新选择;没有底图时地图照常使用。",
    ),
    "map.tiles_not_tiles": ProblemEntry(
        "文件“{name}”不是 MBTiles 底图。", "请选择扩展名为 .mbtiles 的栅格底图文件;网页地图和图片不能直接作底图。"
    ),
    "map.tiles_broken": ProblemEntry(
        "底图文件“{name}”已损坏或没有传完:{reason}。", "请重新复制该文件后再选;没有底图时地图照常使用。"
    ),
    "map.tiles_vector": ProblemEntry(
        "底图文件“{name}”是矢量瓦片({format}),这里只显示图片瓦片。", "请向提供单位索要 PNG 或 JPG 格式的栅格 MBTiles。"
    ),
    "map.tiles_empty": ProblemEntry("底图文件“{name}”里没有瓦片。", "请重新导出或复制该文件后再选。"),
    "map.picture_unwritable": ProblemEntry(
        "图片“{name}”无法写入。", "请检查磁盘空间和写入权限,该文件若已打开请先关闭,或换一个位置保存。"
    ),
}
