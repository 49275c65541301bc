"""What a new portal starts with: a small category tree, routing rules, time limits, channels. Staff change them in the
admin; what they renamed or deleted stays so."""

from django.db import transaction

from cases.categories import paths as categories
from cases.defaults import LIMIT_KEYS, add_missing, load_first_limits, load_limits
from cases.models import Category, RoutingRule, TimeLimit, Urgency
from cases.models.rules import Stage
from cases.workflow import WORKFLOWS
from residents.models import Channel

KIND = "request"

# (path, keywords)
CATEGORIES = (
    ("环境卫生", "垃圾 脏 臭 蚊虫 消杀 化粪池"),
    ("环境卫生/垃圾清运", "垃圾 清运 垃圾桶 垃圾房"),
    ("环境卫生/污水管道", "污水 下水道 堵塞 化粪池 反水"),
    ("公共设施", "路灯 井盖 健身器材 护栏"),
    ("公共设施/照明", "路灯 楼道灯 灯坏 不亮"),
    ("公共设施/道路", "坑 路面 积水 井盖 人行道"),
    ("物业管理", "物业 物业费 电梯 保安 业委会"),
    ("物业管理/电梯", "电梯 困人"),
    ("物业管理/停车充电", "停车 车位 充电桩 电动车 飞线"),
    ("水电气热", "停水 停电 漏水 燃气 水压 电费"),
    ("公共安全", "消防 通道 隐患 坠落 高空抛物 漏电"),
    ("噪声扰民", "噪音 噪声 扰民 施工 广场舞 油烟"),
    ("民政养老", "低保 养老 残疾 救助 独居 老人"),
    ("教育托管", "入学 托管 四点半 学校"),
    ("医疗卫生", "医保 家庭医生 疫苗"),
    ("劳动社保", "社保 工资 就业"),
    ("违法建设", "违建 搭建 占道"),
    ("咨询建议", "咨询 请问 建议"),
)

# (stage, urgency, amount, unit, source)
LIMITS = (
    (Stage.DISPATCH, "", 4, "work_hour", "本平台建议值"),
    ("sort", "", 1, "work_day", "本平台建议值"),
    ("sort", Urgency.URGENT, 1, "hour", "本平台建议值"),
    ("sort", Urgency.CRITICAL, 1, "hour", "本平台建议值"),
    (Stage.SIGN, "", 4, "work_hour", "本平台建议值"),
    (Stage.SIGN, Urgency.URGENT, 1, "hour", "本平台建议值"),
    (Stage.SIGN, Urgency.CRITICAL, 1, "hour", "本平台建议值"),
    (Stage.FINISH, "", 5, "work_day", "济南、潍坊 12345 条例：5 个工作日答复"),
    (Stage.FINISH, Urgency.URGENT, 24, "hour", "北京接诉即办：水电气热等 24 小时"),
    (Stage.FINISH, Urgency.CRITICAL, 2, "hour", "北京接诉即办：突发、危及人身财产 2 小时"),
    (Stage.REDO, "", 3, "work_day", "本平台建议值"),
    (Stage.RATE, "", 7, "day", "本平台建议值：7 天不评价自动归档，记为未评价"),
    (Stage.REVIEW, "", 30, "day", "本平台建议值"),
    (Stage.OBJECT, "", 5, "work_day", "本平台建议值"),
    (Stage.CLIMB, "", 1, "work_day", "本平台建议值"),
    (Stage.RETURN, "", 1, "work_day", "退单应在派单后 1 个工作日内提出"),
    (Stage.POLICE, "", 3, "work_day", "本平台建议值"),
    (Stage.POLICE, Urgency.URGENT, 24, "hour", "本平台建议值"),
    (Stage.POLICE, Urgency.CRITICAL, 2, "hour", "本平台建议值"),
)

# (category path, amount, unit, source)
FINISH_BY_CATEGORY = (
    ("水电气热", 24, "hour", "北京接诉即办：水电气热 24 小时"),
    ("咨询建议", 2, "work_day", "福州 12345 办法（2017）：咨询 2 个工作日"),
    ("民政养老", 3, "work_day", "福州 12345 办法（2017）：求助 3 个工作日"),
    ("违法建设", 10, "work_day", "福州 12345 办法（2017）：投诉举报 10 个工作日"),
)

# (order, name, category path, urgency, role, co_role)
RULES = (
    (10, "特急直达社区书记", "", Urgency.CRITICAL, "community_secretary", "grid_leader"),
    (20, "违法建设由社区牵头", "违法建设", "", "community_secretary", "grid_leader"),
    (30, "公共安全由支部牵头", "公共安全", "", "branch_secretary", "grid_leader"),
    (100, "一般诉求派网格长", "", "", "grid_leader", ""),
)

# (order, name, advice, phone, keywords, is_emergency): 北京市接诉即办工作条例 11, and what lies outside the duty.
CHANNELS = (
    (10, "正在发生的人身危险、违法犯罪", "有人身危险或正在发生的违法犯罪，请立即拨打 110，不要等网上处理。", "110",
     "杀人 打人 持刀 抢劫 绑架 家暴 自杀 跳楼 入室", True),
    (11, "火灾", "着火了请立即拨打 119，先离开危险的地方。", "119", "着火 起火 火灾 冒浓烟 爆炸", True),
    (12, "急病、受伤", "有人急病或受伤，请立即拨打 120。", "120", "昏迷 心脏病 中毒 大出血 没有呼吸", True),
    (13, "交通事故", "有人受伤先打 120；交通事故请拨打 122。", "122", "车祸 撞车 交通事故", True),
    (20, "诉讼、仲裁、纪检、行政复议、信息公开、信访", "这类事有法定的办理机关：诉讼找法院，劳动争议找仲裁委，"
     "反映干部问题找纪委监委（12388），信访事项找信访局。", "", "起诉 判决 仲裁 复议 信访 贪污 受贿", False),
    (30, "重复反映且没有新情况", "同一件事正在办理，请在原来的编号里补充说明，能看到进展。", "", "", False),
    (40, "涉及国家秘密、商业秘密或他人隐私", "这类内容不能在平台上办理，请直接向有权处理的机关反映。", "", "", False),
    (50, "超出街道社区职责", "这件事不在街道社区的职责内，可拨打 12345 政务服务便民热线。", "12345", "", False),
    (60, "违反法律或公序良俗", "这样的要求不能办理，请您理解。", "", "", False),
)  # fmt: skip


@transaction.atomic
def load_defaults(*, missing: bool = False) -> None:
    """Categories, limits, rules and channels, each where there is none at all yet; with `missing`, every single one that
    is not there, which brings back what staff renamed or deleted. Overwrites nothing. With them the limits that other
    kinds declare."""
    if missing:
        load_limits(*WORKFLOWS)
    else:
        load_first_limits()
    if missing or not Category.objects.filter(kind=KIND).exists():
        categories.ensure_all(kind=KIND, rows=CATEGORIES)
    if missing or not TimeLimit.objects.filter(kind=KIND).exists():
        _load_limits()
    if missing or not RoutingRule.objects.filter(kind=KIND).exists():
        _load_rules()
    if missing or not Channel.objects.exists():
        _load_channels()


def _load_limits() -> None:
    by_path = categories.in_use(kind=KIND)  # a tree of other names has no limits of ours
    rows: list[tuple[Category | None, str, str, int, str, str]] = [(None, *row) for row in LIMITS]
    rows += [
        (by_path[path], Stage.FINISH, "", amount, unit, source)
        for path, amount, unit, source in FINISH_BY_CATEGORY
        if path in by_path
    ]
    add_missing(
        LIMIT_KEYS,
        (
            TimeLimit(
                kind=KIND, stage=stage, urgency=urgency, category=category, amount=amount, unit=unit, source=source
            )
            for category, stage, urgency, amount, unit, source in rows
        ),
    )


def _load_rules() -> None:
    by_path = categories.in_use(kind=KIND)
    add_missing(
        ("name",),
        (
            RoutingRule(
                order=order,
                name=name,
                kind=KIND,
                category=by_path.get(path),
                urgency=urgency,
                role=role,
                co_role=co_role,
            )
            for order, name, path, urgency, role, co_role in RULES
            if not path or path in by_path
        ),
    )


def _load_channels() -> None:
    names = ("order", "name", "advice", "phone", "keywords", "is_emergency")
    add_missing(("name",), (Channel(**dict(zip(names, row, strict=True))) for row in CHANNELS))
