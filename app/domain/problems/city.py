"""Problems of whoever runs the city: command line and console."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

CITY_PROBLEMS: Mapping[str, ProblemEntry] = {
    # What the operator names.
    "city.district_unknown": ProblemEntry("没有区县 {code}", "请先登记区县,或核对六位行政区划代码"),
    "city.district_code_wrong": ProblemEntry("“{code}”不是六位行政区划代码", "请填写六位数字"),
    "city.district_known": ProblemEntry("区县 {code} 已登记为 {name}", "不用再登记"),
    "city.person_unknown": ProblemEntry("没有人员 {person}", "请核对人员的登录名或标识"),
    "city.login_taken": ProblemEntry("登录名 {login} 在本区县已有人用", "请换一个登录名,或把两个标识对应为同一人"),
    "city.role_unknown": ProblemEntry("没有角色 {role}", "可用的角色:{known}"),
    "city.map_to_itself": ProblemEntry("不能把人员对应到自己、外区县的人或已对应的人", "请选本区县另一位在用人员"),
    "city.operator_known": ProblemEntry("操作员 {login} 已经有了", "请换一个登录名"),
    "city.review_unknown": ProblemEntry("审阅箱里没有 {group}", "请刷新列表,可能别人已处理"),
    "city.record_unknown": ProblemEntry("没有记录 {record}", "请核对记录标识"),
    "city.not_a_version": ProblemEntry("记录 {record} 不是标准版本", "请选择区县导入的标准版本"),
    "city.file_unreadable": ProblemEntry("文件 {path} 不能用({reason})", "请核对文件"),
    "city.number_series_full": ProblemEntry("{year} 年的编号已发完", "请联系技术员扩大编号位数"),
    # Running it.
    "city.database_missing": ProblemEntry("没有说明数据库和文件夹", "请用 --database 和 --files,或设置环境变量"),
    "city.database_unreachable": ProblemEntry("连不上数据库({reason})", "请检查数据库地址,数据库是否在运行"),
    "city.newer": ProblemEntry("数据库由更新的程序建立({revision})", "请先升级程序"),
    "city.not_ours": ProblemEntry("数据库里有别的表,不是本程序的", "请给市平台一个单独的空数据库"),
    "city.tls_needed": ProblemEntry(
        "地址 {host} 不是本机,不能不加密", "请给出证书和密钥;前面已有代理加密时用 --behind-tls-proxy"
    ),
    "city.tls_unusable": ProblemEntry("证书或密钥不能用({reason})", "请检查 --tls-cert 和 --tls-key 两个文件"),
    "city.port_taken": ProblemEntry("端口 {port} 不能用({reason})", "请换一个端口,或停掉占用它的程序"),
    # Backup.
    "city.backup_there": ProblemEntry("文件夹 {path} 不是空的", "请给一个新的空文件夹"),
    "city.backup_tool": ProblemEntry("{tool} 没有成功({reason})", "请安装与数据库同版本的客户端工具,再试"),
    "city.backup_damaged": ProblemEntry("备份不完整或被改动:{path}", "请换另一份备份"),
    "city.restore_not_empty": ProblemEntry("数据库或文件夹不是空的,不能恢复到里面", "请给一个新的空数据库和空文件夹"),
    "city.backup_other_kind": ProblemEntry("备份是 {kind} 的,目标不是", "请恢复到同一种数据库"),
}
