"""`python -m app --store PATH --password-file FILE COMMAND`: parses, opens the store, runs one command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.base.clock import SystemClock
from app.base.paths import StorePaths, default_store
from app.base.words import LANGUAGES, _, use_language
from app.cli import commands, grid_commands, inspection_commands, term_commands, trace_commands, violation_commands
from app.cli.arguments import UsageError, amount, week_day, whole_words
from app.cli.lists import LISTS
from app.cli.output import Exit, say, say_problem
from app.cli.session import sign_in
from app.domain.problems import Problem
from app.services.facility_columns import SYSTEMS

if TYPE_CHECKING:
    Subs = argparse._SubParsersAction[argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="python -m app", description=_("城管网格工作台:不开窗口办理"))
    top.add_argument("--store", type=Path, default=None, metavar="PATH", help=_("数据文件夹"))
    top.add_argument("--password-file", type=Path, default=None, metavar="FILE", help=_("第一行是密码的文件"))
    top.add_argument("--person", default="", metavar="LOGIN", help=_("登录名;省略时用最早建立的人员"))
    top.add_argument("--language", choices=sorted(LANGUAGES), default="zh", help=_("语言"))
    top.add_argument("--json", action="store_true", help=_("只输出一行 JSON"))
    subs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _office(subs)
    _sheets(subs)
    _cases(subs)
    _care(subs)
    _line(subs)
    grid_commands.add_parsers(lambda name, text: _add(subs, name, text))
    trace_commands.add_parsers(lambda name, text: _add(subs, name, text))
    inspection_commands.add_parsers(lambda name, text: _add(subs, name, text))
    term_commands.add_parsers(lambda name, text: _add(subs, name, text))
    violation_commands.add_parsers(lambda name, text: _add(subs, name, text))
    return top


def _add(subs: Subs, name: str, text: str) -> argparse.ArgumentParser:
    sub = subs.add_parser(name, help=text, description=text)
    # The flag is taken before and after the command's name.
    sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return sub


def _office(subs: Subs) -> None:
    init = _add(subs, "init", _("新建一份加密数据"))
    init.add_argument("--district", required=True, metavar="CODE", help=_("六位行政区划代码"))
    init.add_argument("--office", required=True, metavar="NAME", help=_("单位名称"))
    init.add_argument("--person", required=True, metavar="NAME", dest="first_person", help=_("第一位人员姓名"))
    init.add_argument("--login", default="", metavar="LOGIN", help=_("登录名;省略时与姓名相同"))
    init.add_argument("--mark", default="", metavar="MARK", help=_("编号前缀;省略时由区划代码得出"))


def _sheets(subs: Subs) -> None:
    cases = _add(subs, "import-cases", _("从表格导入案件"))
    cases.add_argument("file", type=Path, metavar="FILE")
    cases.add_argument("--map", type=Path, default=None, metavar="TOML", help=_("列对应关系"))
    cases.add_argument("--sheet", default=None, metavar="NAME", help=_("工作表名称"))
    cases.add_argument("--refused", type=Path, default=None, metavar="FILE", help=_("把被拒的行写到这个表格"))
    facilities = _add(subs, "import-facilities", _("从表格导入部件"))
    facilities.add_argument("file", type=Path, metavar="FILE")
    facilities.add_argument("--sheet", default=None, metavar="NAME", help=_("工作表名称"))
    facilities.add_argument("--system", default="", choices=[str(one) for one in SYSTEMS], help=_("坐标系"))
    facilities.add_argument("--swap", action="store_true", help=_("经度和纬度两列对调"))
    facilities.add_argument("--group", default="", metavar="NAME", help=_("整表所属台账"))
    facilities.add_argument("--category", default="", metavar="CODE", help=_("整表的部件类别,大类-小类,如 05-02"))
    facilities.add_argument("--refused", type=Path, default=None, metavar="FILE", help=_("把被拒的行写到这个表格"))
    rounds = _add(subs, "import-rounds", _("从表格导入巡查"))
    rounds.add_argument("file", type=Path, metavar="FILE")
    rounds.add_argument("--map", type=Path, default=None, metavar="TOML", help=_("列对应关系"))
    rounds.add_argument("--sheet", default=None, metavar="NAME", help=_("工作表名称"))
    rounds.add_argument("--refused", type=Path, default=None, metavar="FILE", help=_("把被拒的行写到这个表格"))
    week = _add(subs, "plan-week", _("按计划排出一周的巡查"))
    week.add_argument("day", type=week_day, metavar="DATE", help=_("这一周的任一天"))
    standards = _add(subs, "import-standards", _("导入立案、处置和结案标准"))
    standards.add_argument("file", type=Path, metavar="FILE")
    standards.add_argument("--scheme", required=True, metavar="NAME")
    standards.add_argument("--valid-from", required=True, type=date.fromisoformat, metavar="DATE")
    standards.add_argument("--leave-out", action="store_true", help=_("不能理解的行不导入,其余照常"))
    export = _add(subs, "export-cases", _("导出案件"))
    export.add_argument("file", type=Path, metavar="FILE")
    _where(export)


def _cases(subs: Subs) -> None:
    listing = _add(subs, "list", _("列出"))
    listing.add_argument("what", choices=("cases", *LISTS))
    _where(listing)
    listing.add_argument("--limit", type=amount, default=100, metavar="N")
    act = _add(subs, "act", _("办理一步"))
    act.add_argument("case", metavar="CASE", help=_("任一编号"))
    act.add_argument("action", metavar="ACTION")
    act.add_argument("--note", default="", metavar="TEXT", help=_("说明"))
    act.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=_("这一步要填的内容"))
    act.add_argument("--photo", action="append", default=[], type=Path, metavar="FILE", help=_("先添加的处置后照片"))
    report = _add(subs, "report", _("录入一件案件"))
    report.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=_("案件内容"))


def _care(subs: Subs) -> None:
    _add(subs, "check", _("检查数据完整性"))
    backup = _add(subs, "backup", _("备份到一个文件"))
    backup.add_argument("file", type=Path, metavar="FILE")
    _add(subs, "confirm-clock", _("确认电脑时钟没有错"))
    restore = _add(subs, "restore", _("从备份恢复"))
    restore.add_argument("file", type=Path, metavar="FILE")
    salvage = _add(subs, "salvage", _("抢救损坏的数据:能读出的内容写成新文件,损坏的文件留着"))
    salvage.add_argument("to", type=Path, nargs="?", metavar="TO", help=_("写到哪里;省略时放在原处"))
    demo = _add(subs, "demo-data", _("写入演示案件"))
    demo.add_argument("--cases", type=int, required=True, metavar="N")
    demo.add_argument("--seed", type=int, required=True, metavar="S")
    demo.add_argument("--days", type=int, default=30, metavar="N")
    _add(subs, "stats", _("数量统计"))


def _line(subs: Subs) -> None:
    enrol = _add(subs, "enrol", _("用一次性代码接入市平台"))
    enrol.add_argument("--city", required=True, metavar="URL", help=_("市平台地址"))
    enrol.add_argument("--code", required=True, metavar="CODE", help=_("一次性代码"))
    enrol.add_argument("--ca", type=Path, default=None, metavar="FILE", help=_("市平台自建证书机构的证书(PEM)"))
    enrol.add_argument("--proxy", default="", metavar="URL", help=_("办公网络的代理"))
    sync = _add(subs, "sync", _("与市平台同步,或查看同步状态"))
    sync.add_argument("what", nargs="?", choices=("status",), default=None, metavar="status", help=_("只看状态"))
    sync.add_argument("--once", action="store_true", help=_("同步一次"))
    _add(subs, "conflicts", _("列出冲突和退回"))
    decide = _add(subs, "decide", _("处理一条冲突或退回"))
    decide.add_argument("record", metavar="ID", help=_("记录标识,案件也可以用任一编号"))
    decide.add_argument("--mine", action="store_true", help=_("保留我的"))
    decide.add_argument("--theirs", action="store_true", help=_("采用市平台的"))
    decide.add_argument("--field", action="append", default=[], metavar="NAME=mine|theirs", help=_("逐项选择,可重复"))
    decide.add_argument("--reason", required=True, metavar="TEXT", help=_("理由"))
    resend = _add(subs, "resend", _("改正后再送一次"))
    resend.add_argument("record", metavar="ID", help=_("记录标识,案件也可以用任一编号"))
    seal = _add(subs, "seal", _("把待送的内容写成一个密封文件"))
    seal.add_argument("file", type=Path, metavar="FILE")
    unseal = _add(subs, "unseal", _("收进市平台的密封文件"))
    unseal.add_argument("file", type=Path, metavar="FILE")
    _add(subs, "test-line", _("测试线路:写一条测试记录,送出、取回、比对、清除"))


def _where(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE", help=_("筛选,可重复"))
    sub.add_argument("--search", default="", metavar="TEXT", help=_("搜索"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if "--language" in arguments[:-1] and (code := arguments[arguments.index("--language") + 1]) in LANGUAGES:
        use_language(code)
    try:
        options = parser().parse_args(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    for name, value in vars(options).items():
        setattr(options, name, whole_words(value))
    paths, clock = StorePaths.of(options.store or default_store()), SystemClock()
    try:
        if options.command in commands.WITHOUT_DESK:
            result = commands.WITHOUT_DESK[options.command](options, paths, clock)
        else:
            desk, actor = sign_in(options, paths, clock)
            try:
                result = commands.WITH_DESK[options.command](options, desk, actor)
            finally:
                desk.close()
    except UsageError as error:
        print(error, file=sys.stderr)
        return Exit.USAGE
    except Problem as problem:
        return say_problem(problem, as_json=options.json)
    say(result.told, as_json=options.json)
    return result.code
