"""Problems of persons, passwords and permissions."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

_PERSONS: Mapping[str, ProblemEntry] = {
    "account.person_unknown": ProblemEntry("没有叫“{name}”的在用人员", "请检查姓名或登录名;需要时请管理员添加"),
    "account.inactive": ProblemEntry("{name} 的账号已停用", "请管理员重新启用"),
    "account.role_needed": ProblemEntry(
        "{name}不能做这件事,需要的角色:{roles}", "请由有这个角色的人员来做,或请管理员加上角色"
    ),
    "account.not_administrator": ProblemEntry("这一项只有管理员可以办理", "请管理员登录后办理"),
    "account.login_taken": ProblemEntry("登录名“{login}”已有人使用", "请换一个登录名"),
    "account.last_administrator": ProblemEntry("至少要保留一名在用的管理员", "请先给另一个人管理员角色"),
    "account.audit_denied": ProblemEntry("现在的角色不能查看审计记录", "请管理员或领导查看"),
    "account.password_file": ProblemEntry("密码文件 {path} 读不出来", "请检查路径、权限和编码(UTF-8)"),
}

_PASSWORDS: Mapping[str, ProblemEntry] = {
    "account.password_short": ProblemEntry("密码至少要有 {shortest} 个字符", "请换一个长一些的密码"),
    "account.password_long": ProblemEntry("密码最多 {longest} 个字符", "请换一个短一些的密码"),
    "account.password_classes": ProblemEntry(
        "密码要包含大写字母、小写字母、数字、其他字符中的至少三种", "请补上缺少的字符种类"
    ),
    "account.password_repeats": ProblemEntry("密码里重复的字符太多", "请使用更多不同的字符"),
    "account.password_contains_name": ProblemEntry("密码里不能有登录名或姓名", "请换一个与本人名字无关的密码"),
    "account.password_common": ProblemEntry("这个密码太常见,容易被猜到", "请换一个别人想不到的密码"),
    "account.password_same": ProblemEntry("新密码不能与原密码相同", "请换一个新的密码"),
}

_SIGN_IN: Mapping[str, ProblemEntry] = {
    "account.wrong_password": ProblemEntry(
        "登录名或密码不对;再错 {left} 次将锁定一段时间", "请检查大小写和输入法,{wait_s} 秒后再试"
    ),
    "account.sign_in_wrong": ProblemEntry("登录名或密码不对", "请检查大小写和输入法;忘记密码请另一位市平台操作员重设"),
    "account.wait": ProblemEntry("刚才密码不对,还要等 {wait_s} 秒", "请稍后再试;忘记密码请管理员重置"),
    "account.locked": ProblemEntry(
        "密码连续输错 {failures} 次,还要锁定 {minutes} 分钟", "请到时再试;忘记密码请管理员重置"
    ),
    "account.keys_lost": ProblemEntry("钥匙文件丢失或损坏", "请输入恢复码,再为人员重设密码"),
    "account.keys_exist": ProblemEntry("这里已经有可用的钥匙文件", "请直接登录"),
    "account.last_slot": ProblemEntry("这是最后一个能登录的人员,不能移除", "请先添加另一名人员"),
    "account.recovery_length": ProblemEntry("恢复码应有 {wanted} 个字符,现在是 {found} 个", "请对照打印件逐组检查"),
    "account.recovery_typo": ProblemEntry("恢复码第 {groups} 组有误", "请对照打印件重新输入这一组"),
    "account.recovery_code": ProblemEntry("恢复码不对", "请确认打印件完整,再从头输入一遍"),
    "account.recovery_other_store": ProblemEntry("这不是这份数据的恢复码", "请找到本单位建立数据时打印的恢复码"),
}

ACCOUNT_PROBLEMS: Mapping[str, ProblemEntry] = {**_PERSONS, **_PASSWORDS, **_SIGN_IN}
