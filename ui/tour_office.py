"""What an office does beside its cases, as the tour shows it: a sheet comes in, the standards and the calendar are seen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from app.base.words import _
from ui.dialogs.import_cases import ImportCases
from ui.pages.settings.page import SettingsPage
from ui.tour_walk import TourStopped, Walk

SHEET = """编号,上报时间,小类名称,地址,问题描述
XC-001,2026-11-20 08:15,店外经营,经八路街道纬一路18号,商户把货架摆到人行道上
XC-002,2026-11-31 09:00,暴露生活垃圾,经八路街道纬二路6号,路边堆有垃圾
XC-003,2026-11-20 10:40,非机动车乱停放,经八路街道经八路3号,共享单车占满盲道
"""
REFUSED_ROW = 3


class OfficeWalk:
    """Each method is one look at the office and leaves its pictures."""

    def __init__(self, walk: Walk, folder: Path) -> None:
        self._walk = walk
        self._folder = folder

    def import_sheet(self) -> None:
        """A sheet with a day that does not exist: the row is named before and after."""
        walk = self._walk
        file = self._folder / "xc.csv"
        file.write_text(SHEET, encoding="utf-8")
        walk.press(Qt.Key.Key_Escape)
        walk.click("import_list")
        dialog = walk.find("import_cases", ImportCases)
        dialog.open_file(file)
        walk.picture("import")
        walk.click("import_run")
        walk.picture("imported")
        refused = [line.row for line in dialog.outcome.refused.items()]
        if refused != [REFUSED_ROW]:
            raise TourStopped(_("导入没有按行说明原因:{rows}").format(rows=refused))
        dialog.reject()

    def sync(self) -> None:
        """What an office reads that has not joined the city."""
        walk = self._walk
        walk.shell.frame.go("sync", None)
        walk.picture("sync")

    def settings(self) -> None:
        """The standards, the calendar and the care of the data."""
        walk = self._walk
        walk.shell.frame.go("settings", None)
        page = walk.find("settings_page", SettingsPage)
        for part in ("standards", "calendar"):
            page.go(part)
            walk.picture(part)
