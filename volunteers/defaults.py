"""What the room starts with: kinds of service (what volunteers can do and residents need) and the limits of an order.
Staff change them in the admin; loading again adds what is missing and overwrites nothing."""

from datetime import date

from django.db import transaction

from cases.categories import paths as categories
from cases.defaults import add_missing, load_limits
from volunteers.models import PointRule

KIND = "service"

CATEGORIES = (
    ("助老服务/探访陪伴", "独居 老人 陪伴 探访 聊天"),
    ("助老服务/代办跑腿", "代买 取药 跑腿 代办"),
    ("助老服务/理发助浴", "理发 剪头 助浴"),
    ("儿童服务/放学看护", "看护 托管 四点半 接送 带孩子"),
    ("儿童服务/课业辅导", "作业 辅导 补课"),
    ("居家维修/水电维修", "水管 漏水 电路 灯 跳闸"),
    ("居家维修/家电家具", "家电 冰箱 洗衣机 家具"),
    ("健康服务/测量护理", "血压 血糖 护理 换药"),
    ("健康服务/心理疏导", "心理 情绪 烦恼"),
    ("健康服务/家庭医生签约", "家庭医生 签约 卫生院"),
    ("法律政策/法律咨询", "法律 合同 纠纷 维权"),
    ("环境秩序/清洁整治", "垃圾 清洁 楼道 杂物"),
    ("环境秩序/巡逻值守", "巡逻 值守 防汛 防火"),
    ("文体科技/手机教学", "手机 智能 微信 挂号"),
    ("文体科技/文艺活动", "演出 书法 舞蹈"),
    ("应急支援", "转移 抢险 物资 疏散"),
)

# (what, points, words): 2017 年某小区积分办法里的“义务劳动 5 分”作底
POINT_RULES = (
    ("service", 5, "本平台建议值"),
    ("hour", 2, "本平台建议值"),
    ("praise", 3, "本平台建议值：受助人评价“非常满意”"),
)
POINTS_FROM = date(2026, 1, 1)


@transaction.atomic
def load_defaults() -> None:
    categories.ensure_all(kind=KIND, rows=CATEGORIES)
    load_limits(KIND)
    add_missing(
        ("what", "category_id", "from_date"),
        (
            PointRule(what=what, from_date=POINTS_FROM, points=points, words=words)
            for what, points, words in POINT_RULES
        ),
    )
