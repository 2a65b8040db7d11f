"""Problems of photos, attachments and backups."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

_FILES: Mapping[str, ProblemEntry] = {
    "file.empty": ProblemEntry("文件“{name}”是空的(0 字节)", "请重新从手机或相机复制,再添加"),
    "file.too_large": ProblemEntry("文件“{name}”有 {size_mb} MB,超过 {limit_mb} MB", "请压缩或截取后再添加"),
    "file.unreadable": ProblemEntry(
        "文件“{name}”读不出来", "请检查文件是否还在、存储卡或手机是否已断开、有没有读取权限"
    ),
    "file.cannot_write": ProblemEntry("文件“{file}”写不进去({reason})", "请换一个文件夹,或检查磁盘空间和权限"),
    "file.kind_unknown": ProblemEntry(
        "文件“{name}”不是照片,也不是能保存的附件", "可以添加:照片、HEIC、PDF、视频(MP4/MOV)、Word、Excel、WPS 文件"
    ),
    "file.missing": ProblemEntry("附件的文件不在数据文件夹里(摘要 {sha256})", "请从备份恢复,或重新添加原件"),
    "file.damaged": ProblemEntry("附件的文件已损坏(摘要 {sha256})", "请从备份恢复,或重新添加原件"),
}

_BACKUPS: Mapping[str, ProblemEntry] = {
    "backup.not_ours": ProblemEntry("“{name}”不是本程序的备份文件", "请选择由本程序备份出来的文件"),
    "backup.newer": ProblemEntry("备份“{name}”由更新的程序做成(格式 {format})", "请先升级程序;备份没有改动"),
    "backup.damaged": ProblemEntry("备份“{name}”已损坏:{part}", "请使用另一份备份;现有数据没有改动"),
    "backup.not_verified": ProblemEntry("备份写完后的检查没有通过:{part}", "请换一个磁盘再备份一次"),
    "backup.no_room": ProblemEntry(
        "{place} 所在的磁盘空间不够,备份没有写成", "请腾出空间,或备份到另一个磁盘;原来的备份没有改动"
    ),
    "backup.place_read_only": ProblemEntry("{place} 只读,不能写入备份", "请换一个能写入的文件夹或磁盘"),
    "backup.inside_store": ProblemEntry("备份不能放在数据文件夹里的“{name}”", "请选择另一个文件夹,最好在另一个磁盘"),
}

_PAPERS: Mapping[str, ProblemEntry] = {
    "paper.printer_gone": ProblemEntry("打印机没有响应", "请检查打印机的电源和连接,或先存为 PDF"),
    "paper.no_printer": ProblemEntry("这台电脑没有安装打印机", "请先在系统里添加打印机,或存为 PDF"),
}

FILE_PROBLEMS: Mapping[str, ProblemEntry] = {**_FILES, **_BACKUPS, **_PAPERS}
