"""The steps of the first run, one sheet each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.base.resources import resource_rows
from app.base.words import _
from ui.forms.field import FormColumn
from ui.naming import name
from ui.password_fields import PasswordFields
from ui.tasks import Task
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.wizard_jobs import OFFICE_OF_DISTRICT, OfficeTyped, PersonTyped

CODE_GROUPS_A_LINE = 5
CODE_PX = 18
SHORTEST_OFFICE = 2
CITY_CODES = "4101"


class Step(QWidget):
    """A title, a sentence, and what the step asks."""

    def __init__(self, object_name: str, title: str, sentence: str) -> None:
        super().__init__()
        name(self, object_name, title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(gap(3))
        self.column.addWidget(set_look(name(QLabel(title), f"{object_name}_title", title), "title"))
        words = set_look(name(QLabel(sentence), f"{object_name}_words", title), "muted")
        words.setWordWrap(True)
        self.column.addWidget(words)

    def start(self) -> None:
        """Put the cursor where typing begins."""


class ChoiceStep(Step):
    """An office of one's own, or a demonstration."""

    def __init__(self) -> None:
        super().__init__("choice_step", _("欢迎使用"), _("数据只存在这台电脑上,整个文件加密。先选一种开始方式:"))
        self.own = set_look(name(QPushButton(_("为本单位建立数据")), "own_office", _("为本单位建立数据")), "primary")
        self.demonstration = name(QPushButton(_("先用演示区县试一试")), "demonstration", _("先用演示区县试一试"))
        self._add(self.own, _("选择区县,填写单位名称和第一个人员,约一分钟"))
        self._add(self.demonstration, _("生成一个月的虚构案件,没有真实人员;标题栏会写明“演示数据”"))
        self.column.addStretch(1)

    def start(self) -> None:
        """Enter takes the first choice."""
        self.own.setFocus()

    def _add(self, button: QPushButton, words: str) -> None:
        button.setAutoDefault(True)
        said = set_look(name(QLabel(words), f"{button.objectName()}_words", words), "muted")
        said.setWordWrap(True)
        part = QVBoxLayout()
        part.setSpacing(gap(1))
        part.addWidget(button)
        part.addWidget(said)
        self.column.addSpacing(gap(2))
        self.column.addLayout(part)


class OfficeStep(Step):
    """District, name and number mark."""

    def __init__(self) -> None:
        super().__init__(
            "office_step", _("第 1 步,共 3 步:单位"), _("案件编号以单位的编号前缀开头,以后可在设置里修改。")
        )
        self.form = FormColumn()
        self.district = QComboBox()
        for row in resource_rows("tables", "divisions_districts.csv"):
            if row["code"].startswith(CITY_CODES):
                self.district.addItem(row["name"], row["code"])
        self.office_name, self.mark = QLineEdit(), QLineEdit()
        self.office_name.setMaxLength(60)
        self.mark.setMaxLength(12)
        self.form.add("district", _("区县"), self.district, required=True)
        self.form.add("office_name", _("单位名称"), self.office_name, required=True)
        self.form.add("mark", _("编号前缀"), self.mark, hint=_("空着就用行政区划代码"))
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.district.currentTextChanged.connect(self._suggest)
        self._suggested = ""
        self._suggest(self.district.currentText())

    def start(self) -> None:
        """Begin with the district."""
        self.district.setFocus()

    def office(self) -> OfficeTyped:
        """What was typed."""
        code = str(self.district.currentData())
        return OfficeTyped(code, self.office_name.text().strip(), self.mark.text().strip())

    def complete(self) -> bool:
        """True when the step may be left; else says what is missing."""
        refusals = {}
        if len(self.office_name.text().strip()) < SHORTEST_OFFICE:
            refusals["office_name"] = _("请填写单位名称")
        self.form.show_refusals(refusals)
        return not refusals

    def _suggest(self, district: str) -> None:
        if self.office_name.text() in ("", self._suggested):
            self._suggested = OFFICE_OF_DISTRICT.format(district=district)
            self.office_name.setText(self._suggested)


class PersonStep(Step):
    """The first person, who may do everything."""

    def __init__(self) -> None:
        sentence = _("这个人可以做全部工作,也能再添加别的人员。没有任何默认账号。")
        super().__init__("person_step", _("第 2 步,共 3 步:第一个人员"), sentence)
        self.form = FormColumn()
        self.person_name, self.login = QLineEdit(), QLineEdit()
        self.person_name.setMaxLength(40)
        self.login.setMaxLength(40)
        self.form.add("person_name", _("姓名"), self.person_name, required=True)
        self.form.add("login", _("登录名"), self.login, required=True, hint=_("例如姓名的拼音"))
        self.fields = PasswordFields(self.form)
        for field in (self.person_name, self.login):
            field.textChanged.connect(self._belongs)
        self.column.addWidget(self.form)
        self.column.addStretch(1)

    def start(self) -> None:
        """Begin with the name."""
        self.person_name.setFocus()

    def typed(self) -> bool:
        """Somebody was named here."""
        return bool(self.person_name.text().strip())

    def person(self) -> PersonTyped:
        """What was typed."""
        return PersonTyped(self.person_name.text().strip(), self.login.text().strip(), self.fields.password())

    def complete(self) -> bool:
        """True when the step may be left; else says what is missing."""
        refusals = {}
        if not self.person_name.text().strip():
            refusals["person_name"] = _("请填写姓名")
        if not self.login.text().strip():
            refusals["login"] = _("请填写登录名")
        trouble = self.fields.trouble()
        if trouble:
            refusals["new_password"] = trouble
        self.form.show_refusals(refusals)
        return not refusals

    def _belongs(self) -> None:
        self.fields.belongs_to(self.login.text().strip(), self.person_name.text().strip())


class WorkingStep(Step):
    """Something is being made."""

    def __init__(self) -> None:
        super().__init__("working_step", _("请稍候"), _("只在第一次运行时需要。"))
        self.bar = BusyBar()
        self.column.addWidget(self.bar)
        self.column.addStretch(1)

    def follow(self, task: Task, title: str) -> None:
        """Show how far it is."""
        self.bar.follow(task, title)


class RecoveryStep(Step):
    """The recovery code, shown this once."""

    def __init__(self) -> None:
        sentence = _("所有密码都忘记时,只有它能打开数据。它只显示这一次:请打印、存为文件或抄下,锁在单位的柜子里。")
        super().__init__("recovery_step", _("第 3 步,共 3 步:恢复码"), sentence)
        self._office = ""
        self.code = name(QLabel(), "recovery_code", _("恢复码"))
        self.code.setFont(code_font())
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.printing = name(QPushButton(_("打印…")), "print_code", _("打印恢复码"))
        self.saving = name(QPushButton(_("存为文本文件…")), "save_code", _("把恢复码存为文本文件"))
        self.printing.clicked.connect(self._print)
        self.saving.clicked.connect(self._save)
        self.said = set_look(name(QLabel(), "code_said", _("保存结果")), "muted")
        self.said.setWordWrap(True)
        self.kept = name(QCheckBox(_("我已把恢复码保存好")), "code_kept", _("我已把恢复码保存好"))
        frame = set_look(QFrame(), "card")
        QVBoxLayout(frame).addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addWidget(self.printing)
        row.addWidget(self.saving)
        row.addStretch(1)
        self.column.addWidget(frame)
        self.column.addLayout(row)
        self.column.addWidget(self.said)
        self.column.addStretch(1)
        self.column.addWidget(self.kept)

    def start(self) -> None:
        """Printing is the first thing to do."""
        self.printing.setFocus()

    def show_code(self, code: str, office: str) -> None:
        """Show the code in lines of a few groups."""
        self._office = office
        groups = code.split("-")
        lines = [groups[at : at + CODE_GROUPS_A_LINE] for at in range(0, len(groups), CODE_GROUPS_A_LINE)]
        self.code.setText("\n".join(" ".join(line) for line in lines))
        self.code.setMinimumSize(self.code.sizeHint())

    def sheet(self) -> str:
        """The text that is printed and saved."""
        head = _("{office} 恢复码").format(office=self._office)
        words = _("忘记全部密码时用它打开数据。知道它的人就能打开数据,请锁好。")
        return f"{head}\n\n{self.code.text()}\n\n{words}\n"

    def _print(self) -> None:
        from ui.code_sheet import print_sheet

        if print_sheet(self.sheet(), self):
            self.said.setText(_("已送到打印机"))

    def _save(self) -> None:
        from ui.code_sheet import save_sheet

        file = save_sheet(self.sheet(), self)
        if file is not None:
            self.said.setText(_("已存到 {file};请移到安全的地方").format(file=file))


class DemoStep(Step):
    """How to sign in to the demonstration again."""

    def __init__(self) -> None:
        sentence = _("下次打开时用这个密码登录。演示数据是虚构的,可以随意修改。")
        super().__init__("demo_step", _("演示区县已准备好"), sentence)
        self.login = name(QLabel(), "demo_login", _("演示登录信息"))
        self.code = name(QLabel(), "demo_password", _("演示密码"))
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setFont(code_font())
        frame = set_look(QFrame(), "card")
        lines = QVBoxLayout(frame)
        lines.addWidget(self.login)
        lines.addWidget(self.code)
        self.column.addWidget(frame)
        self.column.addStretch(1)

    def show_login(self, person: str, login: str, password: str) -> None:
        """Who to sign in as, and with what."""
        self.login.setText(_("人员 {person}(登录名 {login})的密码").format(person=person, login=login))
        self.code.setText(password)


def code_font() -> QFont:
    """A font in which signs of a code are easily told apart."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(CODE_PX)
    return font
