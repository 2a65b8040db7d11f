"""`python -m server --database URL --files DIR COMMAND`: parses, opens the city, runs one command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from app.base.words import LANGUAGES, _, use_language
from app.domain.permissions import OfficeRole
from app.domain.problems import Problem, Refused, Unavailable
from app.domain.reference_versions import ReferenceTable
from server.city import open_city
from server.cli import commands
from server.cli.output import Exit, UsageError, say, say_problem
from server.settings import DATABASE_VARIABLE, FILES_VARIABLE, OLDEST_VARIABLE, CitySettings

if TYPE_CHECKING:
    Subs = argparse._SubParsersAction[argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="python -m server", description=_("城管网格工作台:市平台"))
    _common(top, first=True)
    subs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _running(subs)
    _register(subs)
    _looking(subs)
    _keeping(subs)
    return top


def _common(one: argparse.ArgumentParser, *, first: bool) -> None:
    """Options taken before and after the command's name."""
    absent = None if first else argparse.SUPPRESS
    one.add_argument("--database", default=absent, metavar="URL", help=_("数据库地址;省略时用 GRIDDESK_DATABASE"))
    one.add_argument("--files", default=absent, type=Path, metavar="DIR", help=_("文件夹;省略时用 GRIDDESK_FILES"))
    one.add_argument("--json", action="store_true", default=False if first else absent, help=_("只输出一行 JSON"))
    if first:
        one.add_argument("--language", choices=sorted(LANGUAGES), default="zh", help=_("语言"))


def _add(subs: Subs, name: str, text: str) -> argparse.ArgumentParser:
    sub = subs.add_parser(name, help=text, description=text)
    _common(sub, first=False)
    return sub


def _deeds(subs: Subs, name: str, text: str) -> Subs:
    return _add(subs, name, text).add_subparsers(dest="deed", required=True, metavar="DEED")


def _running(subs: Subs) -> None:
    serve = _add(subs, "serve", _("运行市平台"))
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=_("监听的地址"))
    serve.add_argument("--port", type=int, default=8470, metavar="N")
    serve.add_argument("--tls-cert", type=Path, default=None, metavar="FILE", help=_("证书,PEM"))
    serve.add_argument("--tls-key", type=Path, default=None, metavar="FILE", help=_("证书的密钥,PEM"))
    serve.add_argument("--behind-tls-proxy", action="store_true", help=_("前面已有代理加密"))
    serve.add_argument("--proxy-address", default="127.0.0.1", metavar="ADDRESS", help=_("那个代理的地址"))
    serve.add_argument("--workers", type=int, default=1, metavar="N", help=_("进程数;SQLite 只能是 1"))
    serve.add_argument("--oldest-program", default=None, metavar="VERSION", help=_("更旧的程序只能送,不能取"))
    trial = _add(subs, "trial", _("在本机试用:一个区县、一名操作员、一个代码,然后运行"))
    trial.add_argument("--folder", type=Path, required=True, metavar="DIR")
    trial.add_argument("--district", default="410105", metavar="CODE", help=_("六位行政区划代码"))
    trial.add_argument("--district-name", default="金水区", metavar="NAME", help=_("区县名称"))
    trial.add_argument("--port", type=int, default=8470, metavar="N")


def _register(subs: Subs) -> None:
    add = _add(_deeds(subs, "district", _("区县")), "add", _("登记区县"))
    add.add_argument("code", metavar="CODE", help=_("六位行政区划代码"))
    add.add_argument("name", metavar="NAME", help=_("区县名称"))
    _persons(_deeds(subs, "person", _("人员")))
    _operators(_deeds(subs, "operator", _("控制台操作员")))
    new = _add(_deeds(subs, "code", _("一次性代码")), "new", _("发一个接入代码"))
    new.add_argument("--district", required=True, metavar="CODE", help=_("六位行政区划代码"))
    new.add_argument("--hours", type=int, default=72, metavar="N", help=_("有效小时数"))
    reference = _deeds(subs, "reference", _("全市标准"))
    publish = _add(reference, "add", _("发布一个版本"))
    publish.add_argument("file", type=Path, metavar="FILE", help=_("内容,JSON"))
    publish.add_argument("--table", required=True, choices=[table.value for table in ReferenceTable], metavar="TABLE")
    publish.add_argument("--label", required=True, metavar="TEXT", help=_("版本"))
    publish.add_argument("--valid-from", required=True, metavar="DATE", help=_("生效日期"))
    publish.add_argument("--scheme", default="", metavar="NAME", help=_("体系"))
    publish.add_argument("--source", default="", metavar="TEXT", help=_("来源"))
    promote = _add(reference, "promote", _("把区县导入的版本发布到全市"))
    promote.add_argument("record", metavar="ID", help=_("记录标识"))


def _operators(subs: Subs) -> None:
    add, password = _add(subs, "add", _("登记操作员")), _add(subs, "password", _("重设操作员密码"))
    revoke, reinstate = _add(subs, "revoke", _("停用操作员")), _add(subs, "reinstate", _("恢复操作员"))
    for sub in (add, password, revoke, reinstate):
        sub.add_argument("--login", required=True, metavar="LOGIN", help=_("登录名"))
    add.add_argument("--name", required=True, metavar="NAME", help=_("姓名"))
    for sub in (add, password):
        sub.add_argument(
            "--password-file", type=Path, default=None, metavar="FILE", help=_("第一行是密码;省略时随机生成")
        )


def _persons(subs: Subs) -> None:
    add = _add(subs, "add", _("登记人员"))
    add.add_argument("--name", required=True, metavar="NAME", help=_("姓名"))
    add.add_argument("--login", required=True, metavar="LOGIN", help=_("登录名"))
    _roles(add)
    roles = _add(subs, "roles", _("更改角色"))
    roles.add_argument("person", metavar="PERSON", help=_("登录名或标识"))
    _roles(roles)
    revoke, reinstate = _add(subs, "revoke", _("停用人员")), _add(subs, "reinstate", _("恢复人员"))
    mapped = _add(subs, "map", _("把一个标识对应为同一人"))
    for sub in (revoke, reinstate, mapped):
        sub.add_argument("person", metavar="PERSON", help=_("登录名或标识"))
    mapped.add_argument("--to", default="", metavar="PERSON", help=_("对应到谁;省略时是另一个人"))
    for sub in (add, roles, revoke, reinstate, mapped):
        sub.add_argument("--district", required=True, metavar="CODE", help=_("六位行政区划代码"))


def _roles(sub: argparse.ArgumentParser) -> None:
    known = " ".join(OfficeRole)
    sub.add_argument(
        "--role", action="append", required=True, metavar="ROLE", help=_("角色,可重复:{known}").format(known=known)
    )


def _looking(subs: Subs) -> None:
    _add(subs, "status", _("现在的情况"))
    _add(subs, "fsck", _("检查数据完整性"))
    review = _deeds(subs, "review", _("审阅箱:停用的人员和电脑送来的内容"))
    _add(review, "list", _("列出"))
    accept, refuse = _add(review, "accept", _("接受一组")), _add(review, "refuse", _("退回一组"))
    for sub in (accept, refuse):
        sub.add_argument("group", metavar="GROUP", help=_("组的标识"))
    refuse.add_argument("--reason", required=True, metavar="TEXT", help=_("理由,本机会看到"))
    device = _deeds(subs, "device", _("电脑"))
    for sub in (_add(device, "revoke", _("停用电脑")), _add(device, "reinstate", _("恢复电脑"))):
        sub.add_argument("device", metavar="ID", help=_("电脑的标识"))


def _keeping(subs: Subs) -> None:
    backup, restore = _add(subs, "backup", _("备份到一个空文件夹")), _add(subs, "restore", _("从备份恢复到空数据库"))
    for sub in (backup, restore):
        sub.add_argument("folder", type=Path, metavar="DIR")
    _add(subs, "tidy", _("清理过期内容"))
    unseal = _add(subs, "unseal", _("收下一台电脑的密封文件,写出给它的回复"))
    unseal.add_argument("file", type=Path, metavar="FILE", help=_("那台电脑做的文件"))
    unseal.add_argument("--answer", type=Path, required=True, metavar="FILE", help=_("回复写到哪里"))
    move = _add(subs, "move", _("把一条记录移到另一区县"))
    move.add_argument("record", metavar="ID", help=_("记录标识"))
    move.add_argument("--to", required=True, metavar="CODE", help=_("六位行政区划代码"))


def settings_of(options: argparse.Namespace) -> CitySettings:
    """Where the city lies. Raises Refused("city.database_missing")."""
    database = options.database or os.environ.get(DATABASE_VARIABLE, "")
    files = options.files or os.environ.get(FILES_VARIABLE, "")
    if not database or not files:
        raise Refused("city.database_missing")
    oldest = getattr(options, "oldest_program", None)
    return CitySettings(
        database, Path(files), oldest_program=os.environ.get(OLDEST_VARIABLE, "") if oldest is None else oldest
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if "--language" in arguments[:-1] and (code := arguments[arguments.index("--language") + 1]) in LANGUAGES:
        use_language(code)
    try:
        options = parser().parse_args(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        told, ending = _run(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return Exit.USAGE
    except Problem as problem:
        return say_problem(problem, as_json=options.json)
    except (ArgumentError, ModuleNotFoundError) as error:
        return say_problem(Unavailable("city.database_unreachable", reason=type(error).__name__), as_json=options.json)
    except (OperationalError, DatabaseError) as error:
        # The message of the database would name its address and user.
        reason = type(error.orig).__name__
        return say_problem(Unavailable("city.database_unreachable", reason=reason), as_json=options.json)
    say(told, as_json=options.json)
    return ending


def _run(options: argparse.Namespace) -> tuple[dict[str, object], Exit]:
    name = f"{options.command} {options.deed}" if "deed" in options else options.command
    if name in commands.WITHOUT_CITY:
        settings = None if options.command == "trial" else settings_of(options)
        return commands.WITHOUT_CITY[name](options, settings)
    city = open_city(settings_of(options))
    try:
        return commands.WITH_CITY[name](options, city)
    finally:
        city.close()
