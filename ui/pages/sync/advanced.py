"""What an office behind a proxy or with a certificate of its own tells besides the city's address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.problems import Refused
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput
from ui.naming import name
from ui.theme import gap

FIELD_OF = {"sync.proxy_asks": "city_proxy", "file.unreadable": "city_ca", "sync.tls": "city_ca"}


class AdvancedFields(FormColumn):
    """A certificate file and a proxy; both may stay empty."""

    def __init__(self) -> None:
        super().__init__()
        self.own_ca = TextInput()
        self.proxy = TextInput(300)
        self.keep = TickInput(_("保留现在的自建证书"))
        self.choose = name(QPushButton(_("选择…")), "choose_ca", _("选择证书文件"))
        self.choose.clicked.connect(self._choose)
        box = self.add("city_ca", _("自建证书"), self.own_ca, hint=_("市平台用自建证书时,选它的 .pem 文件"))
        _beside(box, self.own_ca, self.choose)
        _below(box, name(self.keep, "city_ca_keep", self.keep.text()))
        self.keep.hide()
        self._kept = ""
        self.add("city_proxy", _("代理"), self.proxy, hint=_("要经过代理上网时填写,如 用户:密码@主机:端口"))

    def show_kept(self, own_ca: str, proxy: str) -> None:
        """Show what is in use; a certificate stays unless another is chosen or the tick is taken away."""
        self._kept = own_ca
        self.keep.setVisible(bool(own_ca))
        self.keep.set_value(bool(own_ca))
        self.proxy.set_value(proxy)

    def certificate(self) -> Callable[[], str]:
        """What gives the certificate to use as PEM text; it reads a file, so it is called beside the screen."""
        file, kept = self.own_ca.value(), self._kept if self.keep.value() else ""
        return lambda: read_pem(file) if file else kept

    def show_refusal(self, code: str, words: str) -> str:
        """Say a refusal at its field; gives the words back when they belong to none here."""
        rest = self.show_refusals({FIELD_OF.get(code, ""): words})
        return "\n".join(rest)

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("选择证书文件"), "", f"{_('证书')} (*.pem *.crt *.cer);;{_('所有文件')} (*)"
        )
        if chosen:
            self.own_ca.set_value(chosen)


def read_pem(file: str) -> str:
    """The certificate of a file as text. Raises Refused("file.unreadable")."""
    try:
        return Path(file).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Refused("file.unreadable", name=Path(file).name) from trouble


def _below(box: QWidget, widget: QWidget) -> None:
    layout = box.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(widget)


def _beside(box: QWidget, field: QWidget, button: QPushButton) -> None:
    """Put a button at the right of a field, above what is said under it."""
    layout = box.layout()
    assert isinstance(layout, QVBoxLayout)
    line = QHBoxLayout()
    line.setSpacing(gap(2))
    layout.removeWidget(field)
    line.addWidget(field, 1)
    line.addWidget(button)
    layout.insertLayout(0, line)
