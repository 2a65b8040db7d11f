"""The page of enforcement: inspections of enterprises, draws, enterprises, officers, violations and statutory terms as tabs."""

from __future__ import annotations

from app.base.words import N_, _
from ui.pages.context import PageContext
from ui.widgets.sections import PartEntry, PartsPage

PARTS = (
    PartEntry(
        "inspections",
        N_("行政检查"),
        "ui.pages.enforcement.inspections:InspectionsPart",
        ("inspection", "enterprise", "officer", "photo", "reference_version", "checklist_template"),
    ),
    PartEntry("draws", N_("双随机"), "ui.pages.enforcement.draws:DrawsPart", ("draw", "enterprise", "officer")),
    PartEntry(
        "enterprises", N_("企业"), "ui.pages.enforcement.enterprises:EnterprisesPart", ("enterprise", "inspection")
    ),
    PartEntry("officers", N_("执法人员"), "ui.pages.enforcement.officers:OfficersPart", ("officer", "worker")),
    PartEntry("violations", N_("违法事项"), "ui.pages.enforcement.violations:ViolationsPart", ("reference_version",)),
    PartEntry("terms", N_("法定期限"), "ui.pages.enforcement.terms:TermsPart", ("reference_version",)),
)


class EnforcementPage(PartsPage):
    """`go` takes a part's name, or `InPart(name, argument)`."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "enforcement_page", _("执法"), PARTS)
