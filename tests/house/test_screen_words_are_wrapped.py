"""Every Chinese word a person sees goes through `_()`, or is marked by `N_()`, whole."""

from __future__ import annotations

import ast

from tests.house import listed
from tests.tools.sources import chinese_strings, marked, sources
from tests.tools.translations import SCREENS, problem_details

# Chinese that is data and not a word of the screen: what sheets say, what a demonstration makes up.
DATA_FILES = {
    "app/services/demo_words.py": "streets, units and names of a district that does not exist",
    "app/services/enterprise_columns.py": "what sheets of enterprises call their columns",
    "app/services/facility_columns.py": "what sheets of facilities call their columns",
    "app/services/facility_rows.py": "what sheets of facilities say in their cells",
    "app/services/round_columns.py": "what sheets of rounds call their columns and results",
    "app/services/sheets/day_rows.py": "how sheets of holidays name days",
    "app/services/sheets/dates.py": "how sheets write dates",
    "app/services/sheets/field_words.py": "what sheets of attendance and files of tracks call their columns",
    "app/services/sheets/fields.py": "what sheets call their columns",
    "app/services/sheets/standards_columns.py": "what standards workbooks call their columns",
    "app/services/violation_columns.py": "what lists of violations call their columns",
    "app/services/violation_rows.py": "what lists of violations say in their cells",
    "ui/printing/pdf_words.py": "letters and the radicals that look like them",
    "ui/tour_case.py": "what the clerk of the tour types",
    "ui/tour_field.py": "what the clerk of the tour types",
    "ui/tour_office.py": "the sheet the tour takes in",
}
DATA = {
    "app/base/words.py": {"中文"},
    "app/services/case_import.py": {"内容"},
    "app/services/case_words.py": {"核实", "核查"},
    "app/services/demo_cases.py": {"号"},
    "app/base/reference_builtin.py": {"GB/T 30428.2-2013(内置)", "CJ/T 214-2007(内置)"},
    "app/services/sheets/case_rows.py": {"内容-", "部件", "部件类", "事件", "事件类"},
    "app/services/sheets/reading.py": {"列"},
    "app/services/sheets/standards.py": {"部件", "事件"},
    "app/sync/line_test.py": {"线路测试 αβγ 𠮷 👷 \u200b'\";--"},
    "server/cli/main.py": {"金水区"},
    "ui/fonts.py": {"思源黑体"},
    "ui/forms/entry_point.py": {"经度|纬度|东经|北纬|longitude|latitude|lng|lon|lat|[:=°EN]"},
    "ui/pages/cases/entry_templates.py": {"{小类}", "{地点}"},
    "ui/pages/settings/list_paste.py": {"否"},
    "ui/pages/settings/office_inputs.py": {
        r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})",
        r"[\s,;、和]+",
    },
    "ui/tour_steps.py": {"金水区", "张敏"},
    "ui/wizard_jobs.py": {"演示员", "金水区城市管理局(演示)", "{district}城市管理局"},
}


def test_every_chinese_word_of_the_screens_is_wrapped() -> None:
    bare = []
    for source in sources(*SCREENS):
        if source.name in DATA_FILES:
            continue
        wrapped = marked(source.tree) | set(problem_details(source.tree))
        bare += [
            f"{source.name}:{node.lineno} {node.value!r}"
            for node in chinese_strings(source.tree)
            if node not in wrapped and node.value not in DATA.get(source.name, set())
        ]

    assert bare == [], listed(
        'Write _("…") where it is shown, N_("…") for a constant, and _("共 {n} 条").format(n=n) instead of an '
        "f-string. Data that only looks like a word is named in this test, with its reason.",
        bare,
    )


def test_what_is_named_as_data_is_still_there() -> None:
    there = {source.name: {node.value for node in chinese_strings(source.tree)} for source in sources(*SCREENS)}
    gone = [name for name in DATA_FILES if not there.get(name)]
    gone += [f"{name} {word}" for name, words in DATA.items() for word in words - there.get(name, set())]

    assert gone == [], listed("Take it out of this test: the program does not say it any more.", gone)


def test_no_word_is_put_together_before_it_is_translated() -> None:
    broken = [
        f"{source.name}:{node.lineno}"
        for source in sources(*SCREENS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_")
        if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert broken == [], listed('The catalogue knows only constants: write _("… {name} …").format(name=name).', broken)
