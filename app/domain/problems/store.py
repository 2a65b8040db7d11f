"""Problems of the local store."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

STORE_PROBLEMS: Mapping[str, ProblemEntry] = {
    "store.record_missing": ProblemEntry("要办理的{kind}已经不在", "请刷新列表后再试"),
    "store.append_only": ProblemEntry("{kind}只能追加,不能修改", "请追加新的一条并写明原因"),
    "store.disk_full": ProblemEntry("磁盘已满,这一次没有保存", "已录入的内容还在窗口里;请腾出磁盘空间后再保存"),
    "store.read_only": ProblemEntry("数据文件夹只读,不能保存", "请检查文件夹权限,或请技术员处理"),
    "store.busy": ProblemEntry("数据文件正被另一个程序占用", "请稍等再试;若总是这样,请关闭另一个程序"),
    "store.damaged": ProblemEntry(
        "数据文件有损坏的页", "请不要删除任何文件;用“抢救”把能读出的内容复制到新文件,再从备份补齐"
    ),
    "store.salvage_nothing": ProblemEntry(
        "损坏的文件里连目录都读不出来,抢救不了", "请从最近的备份恢复;损坏的文件原样保留,可以交给技术员"
    ),
    "store.wrong_key": ProblemEntry("钥匙打不开这个数据文件", "请检查密码;若钥匙文件丢失,请用恢复码"),
    "store.cannot_open": ProblemEntry("打不开数据文件", "请检查文件夹是否存在、是否有权限"),
    "store.disk_error": ProblemEntry("磁盘读写出错", "请检查磁盘;已保存的内容不受影响"),
    "store.missing": ProblemEntry("{path} 没有数据文件", "请检查位置,或新建一个"),
    "store.gone": ProblemEntry(
        "数据文件 {path} 被移走、删除或换成了别的文件,这一次没有保存",
        "已录入的内容还在窗口里;请把原来的文件放回去再保存,或从备份恢复",
    ),
    "store.closed": ProblemEntry("数据文件已经关闭", "请重新打开程序再做一次"),
    "store.exists": ProblemEntry("{path} 已经有数据文件", "请换一个位置,或直接登录"),
    "store.newer": ProblemEntry("数据文件由更新的程序建立(版本 {revision})", "请先升级程序;文件没有改动"),
    "store.not_ours": ProblemEntry("这不是本程序的数据文件", "请检查位置;文件没有改动"),
    "store.upgrade_failed": ProblemEntry("升级后的检查没有通过", "升级前的副本在备份文件夹里,请交给技术员"),
    "store.network_drive": ProblemEntry("{path} 在网络盘上,数据可能损坏", "请把数据放在本机磁盘"),
    "store.locked_by_window": ProblemEntry("另一个窗口正在使用这份数据({owner})", "请切换到那个窗口,或先关闭它"),
    "store.locked_by_silent_window": ProblemEntry(
        "另一个窗口占用着这份数据,但已经没有反应({owner})", "请在任务管理器里结束那个进程,再打开"
    ),
    "store.clock_ahead": ProblemEntry(
        "电脑时钟是 {now},比上次使用({seen})晚了很多,可能不对",
        "请校准电脑时间;在此之前挂账案件不会自动恢复。时间确实没错时,请管理员确认时钟",
    ),
    "store.clock_behind": ProblemEntry(
        "电脑时钟是 {now},比上次使用({seen})还早,可能不对", "请校准电脑时间;时间确实没错时,请管理员确认时钟"
    ),
    "store.not_set_up": ProblemEntry("这份数据还没有完成初始设置", "请重新运行初始设置"),
}
