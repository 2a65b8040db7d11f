"""Problems between desk and city. Some are said by the city, which knows the same catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

SYNC_PROBLEMS: Mapping[str, ProblemEntry] = {
    # The line.
    "sync.not_enrolled": ProblemEntry("这台电脑还没有接入市平台", "请管理员在“同步”页用市平台地址和一次性代码接入"),
    "sync.offline": ProblemEntry("连不上市平台({reason})", "照常工作,内容都在本机;线路恢复后会自动发送"),
    "sync.timeout": ProblemEntry("市平台在规定时间内没有回答", "程序会自动再试;已录入的内容不受影响"),
    "sync.tls": ProblemEntry("市平台的证书不能确认({reason})", "请不要继续;请技术员检查市平台地址、证书和电脑时间"),
    "sync.proxy_asks": ProblemEntry("办公网络的代理要求登录", "请技术员在同步设置里填写代理的用户名和密码"),
    "sync.captive_portal": ProblemEntry(
        "网络返回的是网页,不是市平台(可能要先在浏览器里登录网络)", "请打开浏览器完成网络登录,再试"
    ),
    "sync.reply_broken": ProblemEntry("市平台的回答不完整或被改动({reason})", "程序会自动再试;总是这样时请联系技术员"),
    "sync.city_busy": ProblemEntry("市平台现在很忙或正在维护", "程序会自动再试"),
    "sync.city_failed": ProblemEntry("市平台内部出错(HTTP {status})", "程序会自动再试;总是这样时请联系市平台"),
    "sync.too_large": ProblemEntry("一次发送的内容超过上限({limit})", "程序会分成小批再发;总是这样时请联系技术员"),
    "sync.upgrade_needed": ProblemEntry("市平台需要更新的程序版本", "待送内容仍会送出;请技术员升级程序后再接收"),
    "sync.running": ProblemEntry("另一个程序正在同步这份数据({owner})", "请等它做完,或在那个窗口里停止"),
    "sync.disk_low": ProblemEntry("磁盘空间不足,暂停接收(还需要 {needed_mb} MB)", "请腾出磁盘空间,再按“立即同步”"),
    "sync.hole": ProblemEntry("收到的内容中间缺了一段", "程序会重新取全部内容;待送的内容不受影响"),
    "sync.brake": ProblemEntry(
        "市平台要求从本机移走 {count} 条记录,超过了 {limit} 条", "请先问清市平台;确认无误后在“同步”页放行"
    ),
    "sync.not_equal": ProblemEntry("本机与市平台的内容对不上", "程序会重新取全部内容再比对;总是这样时请联系市平台"),
    # Identity.
    "sync.proof_missing": ProblemEntry("请求没有带设备签名", "请用本程序的“同步”页接入市平台"),
    "sync.device_unknown": ProblemEntry("市平台不认识这台电脑", "请管理员用新的一次性代码重新接入"),
    "sync.signature_wrong": ProblemEntry("设备签名不对", "请管理员用新的一次性代码重新接入"),
    "sync.counter_old": ProblemEntry(
        "这台电脑的计数比市平台的旧(磁盘被复制过,或从备份恢复过)", "程序会自动换一个新身份"
    ),
    "sync.device_revoked": ProblemEntry(
        "这台电脑已被市平台停用,不能接收", "待送内容仍可送出,由市平台审阅;请联系市平台"
    ),
    "sync.scope_denied": ProblemEntry("没有这个范围,或无权读取", "请检查区县设置"),
    "sync.code_wrong": ProblemEntry("一次性代码不对、已用过或已过期", "请向市平台要一个新的代码"),
    "sync.code_other_district": ProblemEntry("这个代码不是给本区县的", "请向市平台要本区县的代码"),
    "sync.too_many_tries": ProblemEntry("试得太多,请等 {wait_s} 秒", "请稍等再试"),
    "sync.demonstration": ProblemEntry("演示数据不能接入市平台", "请新建本单位的正式数据再接入"),
    "sync.enrolled_already": ProblemEntry("这台电脑已经接入 {city}", "要换市平台时请先联系技术员"),
    "sync.address_wrong": ProblemEntry("“{url}”不是市平台地址", "请填写完整地址,如 https://城管.例.cn"),
    "sync.not_administrator": ProblemEntry("只有管理员可以接入市平台或更改同步设置", "请本单位管理员来做"),
    # What the city says of one change.
    "sync.type_unknown": ProblemEntry("市平台还不认识“{type}”", "市平台升级后会自动再送"),
    "sync.field_wrong": ProblemEntry("“{field}”的内容不合要求({reason})", "请改正后再送"),
    "sync.parent_missing": ProblemEntry("它所属的记录还没有到市平台", "程序会自动再送"),
    "sync.append_only": ProblemEntry("{kind}只能追加,不能修改", "请追加新的一条"),
    "sync.not_permitted": ProblemEntry("{name}在市平台没有做这一步的角色", "请市平台核对人员角色,再送一次"),
    "sync.person_unknown": ProblemEntry("市平台不认识办理人{name}", "请市平台登记该人员,再送一次"),
    "sync.person_revoked": ProblemEntry("{name}已被停用,内容交市平台审阅", "请等市平台审阅"),
    "sync.stage_without_step": ProblemEntry("环节变了,却没有相应的步骤", "请在本机重新办理这一步"),
    "sync.step_does_not_fit": ProblemEntry("步骤“{action}”与案件现在的环节不符", "请看清市平台的环节,再重新办理"),
    "sync.number_foreign": ProblemEntry("编号 {number} 不是发给这台电脑的", "请联系市平台核对号段"),
    "sync.change_id_reused": ProblemEntry("同一个标识带来了不同的内容", "两份都已留存,请联系市平台"),
    "sync.other_district": ProblemEntry("本区县在市平台没有这条记录", "请联系市平台"),
    "sync.request_broken": ProblemEntry("请求的内容看不懂({reason})", "请升级程序,或联系技术员"),
    "sync.review_refused": ProblemEntry("市平台审阅后没有接受({reason})", "请联系市平台"),
    # Files.
    "sync.file_piece_misplaced": ProblemEntry("文件的这一段不接在市平台已有的后面", "程序会从正确的位置接着送"),
    "sync.file_altered": ProblemEntry("送到的文件与它的摘要不符", "程序会从头再传这个文件"),
    "sync.file_unknown": ProblemEntry("市平台没有这个文件", "等有这张照片的电脑送出后再取"),
    "sync.file_not_here": ProblemEntry("照片的原件还没有取到本机", "请点“取原件”;连不上市平台时先看缩略图"),
    "sync.city_full": ProblemEntry("市平台的存储空间不足,文件暂时不能收下", "程序会自动再送;请告诉市平台"),
    "sync.record_not_there": ProblemEntry("市平台还没有这条记录", "请先同步,再取回执"),
    "sync.receipt_wrong": ProblemEntry("回执的签名不对,不能作为凭据", "请再取一次;总是这样时请联系市平台"),
    # The sealed file.
    "sync.seal_not_ours": ProblemEntry("这不是给本机的密封文件,或已被改动", "请重新取一次文件,不要在中途打开或修改"),
    "sync.seal_newer": ProblemEntry("密封文件由更新的程序做成", "请先升级程序"),
    # Decisions.
    "sync.nothing_to_decide": ProblemEntry("这条记录没有待处理的冲突或退回", "请刷新列表"),
    "sync.trouble_moved": ProblemEntry("打开之后,这条记录又有了新的改动", "请关掉再打开,看过新内容后再决定"),
    "sync.flow_is_theirs": ProblemEntry("环节已在市平台变动,不能改回本机的", "请采用市平台的,再按现在的环节重新办理"),
    "sync.nothing_of_theirs": ProblemEntry("市平台还没有这条记录,没有可以采用的内容", "请改正后再送"),
    "sync.reason_missing": ProblemEntry("处理冲突要写明理由", "请写一句理由"),
    "sync.choice_missing": ProblemEntry("还有“{field}”没有选择", "请逐项选择"),
}
