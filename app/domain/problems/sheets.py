"""Problems of imported and exported sheets: whole files first, then rows and single cells."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

_FILES: Mapping[str, ProblemEntry] = {
    "sheet.missing": ProblemEntry("找不到文件“{file}”。", "请检查文件名和位置,或重新选择文件。"),
    "sheet.not_readable": ProblemEntry(
        "文件“{file}”打不开,可能正被其他程序占用,或没有读取权限。", "请在 Excel/WPS 中关闭该文件后重试,或复制一份再选。"
    ),
    "sheet.empty_file": ProblemEntry("文件“{file}”是空的。", "请重新下载或导出该文件。"),
    "sheet.empty": ProblemEntry("表“{sheet}”中没有内容。", "请选择另一张表,或在表中填好内容后再导入。"),
    "sheet.too_big": ProblemEntry(
        "文件“{file}”有 {size} MB,超过 {limit} MB。", "请按月份或街道拆成几个文件,分别导入。"
    ),
    "sheet.not_a_sheet": ProblemEntry(
        "文件“{file}”不是表格,它的内容是 {kind}。", "请选择 .xlsx、.xls、.ods、.csv 或 .json 文件。"
    ),
    "sheet.web_page": ProblemEntry(
        "文件“{file}”其实是网页,只是扩展名像表格。", "请用 Excel 或 WPS 打开它,另存为 .xlsx 后再导入。"
    ),
    "sheet.xml": ProblemEntry(
        "文件“{file}”是 XML 文本,不是 .xlsx 或 .xls 表格。", "请用 Excel 或 WPS 打开它,另存为 .xlsx 后再导入。"
    ),
    "sheet.damaged": ProblemEntry(
        "文件“{file}”已损坏,无法读取。", "请重新下载;能用 Excel 或 WPS 打开的话,另存为新的 .xlsx 再导入。"
    ),
    "sheet.password": ProblemEntry("文件“{file}”加了打开密码。", "请用 Excel 或 WPS 打开,去掉密码后另存,再导入。"),
    "sheet.unpacks_too_far": ProblemEntry(
        "文件“{file}”解压后有 {size} MB,像是有意做大的文件,没有打开。", "请确认来源;只复制需要的行到新表,保存后再导入。"
    ),
    "sheet.too_wide": ProblemEntry(
        "文件“{file}”的内容散布在 {rows} 行 × {columns} 列的范围里,超出能读取的大小。",
        "请删除数据右侧和下方多余的行列(或只复制数据到新表),保存后再导入。",
    ),
    "sheet.no_such_sheet": ProblemEntry("文件“{file}”里没有名为“{sheet}”的表。", "请从这些表中选择:{names}。"),
    "sheet.no_tables": ProblemEntry("文件“{file}”里没有可读的工作表。", "请用 Excel 或 WPS 打开,确认其中有数据表。"),
    "sheet.encoding": ProblemEntry(
        "文件“{file}”的文字编码不是 UTF-8、GB18030 或 UTF-16,第 {position} 字节处读不通。",
        "请用 Excel 或 WPS 打开,另存为“CSV UTF-8”或 .xlsx 后再导入。",
    ),
    "sheet.line_too_long": ProblemEntry(
        "文件“{file}”里有一行超过 {size} MB,不像是表格。",
        "请确认文件是否完整;可用 Excel 或 WPS 打开,另存为 .xlsx 后再导入。",
    ),
    "sheet.open_quote": ProblemEntry(
        "文件“{file}”从第 {row} 行起有一个没有结束的引号,后面的内容分不清是哪一行。",
        "请在第 {row} 行补上或去掉引号,或用 Excel/WPS 另存为 .xlsx 后再导入。",
    ),
    "sheet.json": ProblemEntry("文件“{file}”的 JSON 读不通:第 {line} 行附近有错。", "请重新下载该文件。"),
    "sheet.json_shape": ProblemEntry(
        "文件“{file}”里的 JSON 不是记录的列表。", "需要形如 [{{…}}, {{…}}] 的列表,每个对象是一条记录。"
    ),
    "sheet.reader_timeout": ProblemEntry(
        "文件“{file}”读了 {seconds} 秒还没有读完,已停止。", "请用 Excel 或 WPS 打开,另存为 .xlsx 后再导入。"
    ),
    "sheet.columns_missing": ProblemEntry(
        "表“{sheet}”里认不出这些必需的列:{columns}。",
        "请在预览中为它们指定列,或把表头改成常用名称(如“编号、上报时间、问题描述、地址”)。",
    ),
    "sheet.map_unknown_column": ProblemEntry("对应关系里的列“{column}”在表中不存在。", "表中的列有:{columns}。"),
    "sheet.map_unknown_field": ProblemEntry("对应关系里的字段“{field}”不认识。", "可用的字段有:{fields}。"),
    "sheet.map_file": ProblemEntry("对应关系文件“{file}”读不通:{reason}。", "请按 TOML 格式改好后再试。"),
    "sheet.map_option": ProblemEntry("对应关系里的“{option}”不能是“{value}”。", "可用的值:{choices}。"),
    "sheet.day_order_unclear": ProblemEntry(
        "“{column}”列的日期(如“{example}”)分不清先月后日还是先日后月。",
        "请指明该列是“月/日/年”还是“日/月/年”(命令行用 --map 的 [day_order])。",
    ),
    "sheet.target_locked": ProblemEntry(
        "文件“{file}”写不进去,可能正在 Excel/WPS 中打开,或该文件夹只读。", "请关闭该文件,或换一个文件名或文件夹再保存。"
    ),
    "sheet.disk_full": ProblemEntry("磁盘空间不够,文件“{file}”没有写成。", "请清理磁盘,或保存到另一个磁盘。"),
    "sheet.import_cut_off": ProblemEntry(
        "导入中断:{why}。前 {rows} 行已经处理并保存。", "请先排除原因,再导入同一个文件;已导入的不会重复。"
    ),
    "sheet.too_many_rows": ProblemEntry(
        "一张 .xlsx 表最多 {limit} 行,要导出的更多。", "请先筛选,分几次导出;或导出为 .csv。"
    ),
}

_ROWS: Mapping[str, ProblemEntry] = {
    "row.too_many_cells": ProblemEntry(
        "这一行有 {found} 格,表头只有 {expected} 列,内容可能错位。", "请检查这一行是否多了分隔符,改好后再导入。"
    ),
    "row.says_nothing": ProblemEntry("描述、分类和地点都是空的。", "请至少填写问题描述。"),
    "row.repeated_number": ProblemEntry(
        "编号“{number}”在第 {earlier} 行已出现,以本行为准。", "请确认两行是否同一案件。"
    ),
    "row.category_unknown": ProblemEntry(
        "分类“{text}”在现行标准里找不到,这样的行都按未分类接收。", "请在案件中补选大类和小类,或导入该城市的标准。"
    ),
    "value.missing": ProblemEntry("“{column}”是空的。", "请填写后再导入。"),
    "value.too_long": ProblemEntry("“{column}”有 {found} 个字,最多 {limit} 个。", "请缩短后再导入。"),
    "value.digits_lost": ProblemEntry(
        "“{column}”是超过 15 位的数字,末几位已被表格软件改成 0。", "请把该列设为“文本”格式,重新填入原来的编号。"
    ),
    "value.scientific": ProblemEntry(
        "“{column}”里是“{text}”,编号已被表格软件写成科学计数。", "请把该列设为“文本”格式,重新填入原来的编号。"
    ),
    "value.date_unreadable": ProblemEntry(
        "“{column}”里的“{text}”不是能认出的日期。", "请写成 2024-02-25 14:30 的样子。"
    ),
    "value.date_impossible": ProblemEntry("“{column}”里的“{text}”不是存在的日期或时间。", "请改成真实的日期。"),
    "value.date_out_of_range": ProblemEntry(
        "“{column}”里的日期“{text}”不在 {first} 年到 {last} 年之间。", "请检查年份。"
    ),
    "value.day_order_unclear": ProblemEntry("“{column}”里的“{text}”分不清月和日。", "请指明该列先月后日还是先日后月。"),
    "value.number_unreadable": ProblemEntry("“{column}”里的“{text}”不是数字。", "请只填数字。"),
    "value.coordinate_out_of_range": ProblemEntry(
        "“{column}”里的“{text}”超出经纬度的范围。", "请检查经度和纬度是否填反,或是否用了平面坐标。"
    ),
    "value.coordinate_half": ProblemEntry("只有经度或只有纬度。", "请把另一个也填上,或两个都清空。"),
    "value.point_unreadable": ProblemEntry(
        "“{column}”里的“{text}”不是一对经纬度。", "请写成“113.6253,34.7466”的样子。"
    ),
}

_STANDARDS: Mapping[str, ProblemEntry] = {
    "standards.no_sheet": ProblemEntry(
        "文件“{file}”里没有立案、处置和结案标准的表。",
        "表头需要有“小类代码、小类名称、立案条件、处置时限、结案条件”等列。",
    ),
    "standards.value_missing": ProblemEntry("“{column}”是空的。", "请填写,或不导入这一行。"),
    "standards.code_unreadable": ProblemEntry("“{column}”里的“{text}”不是代码。", "请填写数字代码,如 01。"),
    "standards.limit_unclear": ProblemEntry(
        "时限“{text}”的意思不能确定。", "请写成 2紧急工作时、4小时、2个工作日、半天 或 30分钟 的样子。"
    ),
    "standards.kind_unclear": ProblemEntry("看不出这一行是部件还是事件。", "请选择“部件”或“事件”。"),
    "standards.name_differs": ProblemEntry(
        "代码 {number} 在第 {first} 行叫“{name}”,这里叫“{text}”。", "请改正代码或名称。"
    ),
    "standards.repeated": ProblemEntry("与第 {first} 行完全相同。", "请删去其中一行,或不导入这一行。"),
    "standards.rows_unsettled": ProblemEntry(
        "还有 {count} 行没有看懂,不能接收(第一处:第 {row} 行)。", "请在预览中改好,或选择不导入这些行。"
    ),
    "standards.nothing": ProblemEntry("没有可以接收的行。", "请检查是否选对了文件和表。"),
}

SHEET_PROBLEMS: Mapping[str, ProblemEntry] = {**_FILES, **_ROWS, **_STANDARDS}
