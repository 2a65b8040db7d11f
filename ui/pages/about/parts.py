"""The foreign parts of the program: what each does here, its version, its licence."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion

from app.base.words import N_, _


@dataclass(frozen=True)
class Part:
    """package: its name among the installed ones. use: a msgid."""

    package: str
    title: str
    use: str
    licence: str


PARTS = (
    Part("PySide6-Essentials", "Qt for Python (PySide6)", N_("界面"), "LGPL-3.0"),
    Part("sqlcipher3", "sqlcipher3 (SQLCipher)", N_("加密数据文件"), "zlib; BSD-3-Clause"),
    Part("SQLAlchemy", "SQLAlchemy", N_("数据读写"), "MIT"),
    Part("alembic", "Alembic", N_("数据文件升级"), "MIT"),
    Part("pydantic", "pydantic", N_("数据校验"), "MIT"),
    Part("argon2-cffi", "argon2-cffi", N_("密码保护"), "MIT"),
    Part("cryptography", "cryptography", N_("照片加密"), "Apache-2.0 / BSD-3-Clause"),
    Part("openpyxl", "openpyxl", N_("导出表格"), "MIT"),
    Part("python-calamine", "python-calamine", N_("读取表格"), "MIT"),
    Part("pillow", "Pillow", N_("照片缩略图"), "MIT-CMU"),
    Part("numpy", "NumPy", N_("图表计算"), "BSD-3-Clause"),
    Part("pyqtgraph", "PyQtGraph", N_("图表"), "MIT"),
    Part("platformdirs", "platformdirs", N_("数据位置"), "MIT"),
    Part("tzdata", "tzdata", N_("时区"), "Apache-2.0"),
)


def part_lines(parts: Sequence[Part] = PARTS) -> list[tuple[str, str, str, str]]:
    """Title, version, use and licence of each part that is installed."""
    lines = [
        ("Python", platform.python_version(), _("运行环境"), "PSF-2.0"),
        ("Qt", qVersion(), _("界面"), "LGPL-3.0"),
    ]
    for part in parts:
        try:
            lines.append((part.title, version(part.package), _(part.use), part.licence))
        except PackageNotFoundError:
            # A frozen program may come without the package's papers; the part is named all the same.
            lines.append((part.title, "", _(part.use), part.licence))
    return lines
