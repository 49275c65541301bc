"""What the room starts with: what centres offer, kinds of activity, what may be decided, by whom and by which rule, limits
of a topic.
Staff change them in the admin; loading again adds nothing where there is something."""

from django.db import transaction

from cases.defaults import load_limits
from grids.models import PlaceFunction
from meetings.models import ActivityKind, Matter, VoteRule
from meetings.votes.quorum import Basis, Body
from meetings.workflow import KIND

FUNCTIONS = ("便民服务", "老年活动", "儿童活动", "医疗保健", "运动休闲", "助餐", "议事协商", "图书阅览")
KINDS = (
    ("政策便民", "service"), ("健康义诊", "service"), ("亲子托管", "service"), ("技能培训", "service"),
    ("邻里节庆", "service"), ("家风故事", "virtue"), ("家教课堂", "virtue"), ("传统技艺", "virtue"),
)  # fmt: skip

# The residents' body: 城市居民委员会组织法 was revised on 2025-10-28 (in force 2026-01-01) and numbered anew. Until the county has
# compared its fourth chapter, what held before goes on and says so. 业主: 物业管理条例 14 asks for 15 days' notice.
OLD = "2025年修订前"
RESIDENTS = {
    "body_name": "居民会议", "law": "城市居民委员会组织法", "edition": OLD, "article": "第九条", "is_checked": False,
    "turnout": "more_than_half", "approval": "more_than_half", "notice_days": 0, "least_days": 1,
}  # fmt: skip
OWNERS = {
    "body_name": "业主共同决定", "law": "民法典", "edition": "2020年通过", "article": "第二百七十八条", "is_checked": True,
    "turnout": "two_thirds", "approval": "more_than_half", "notice_days": 15, "least_days": 7,
    "notice_source": "物业管理条例第十四条",
}  # fmt: skip
# (basis, is special, terms)
RULES = (
    (Basis.ADULTS, False, RESIDENTS),
    (Basis.HOUSEHOLDS, False, RESIDENTS),
    (Basis.SPOKESPEOPLE, False, RESIDENTS),
    (Basis.OWNERS, False, OWNERS),
    (Basis.OWNERS, True, OWNERS | {"approval": "three_quarters"}),
)

# (name, body, is special, is a covenant, law)
MATTERS = (
    ("邻里事务", Body.CONSENT, False, False, "协商一致"),
    ("居民公约", Body.RESIDENTS, False, True, f"城市居民委员会组织法（{OLD}）第十五条，待核对"),
    ("涉及全体居民利益的重要问题", Body.RESIDENTS, False, False, f"城市居民委员会组织法（{OLD}）第十条，待核对"),
    ("公益事业所需费用", Body.RESIDENTS, False, False, f"城市居民委员会组织法（{OLD}）第十六条，待核对"),
    ("业主大会议事规则", Body.OWNERS, False, False, "民法典第二百七十八条第一项"),
    ("小区公约（管理规约）", Body.OWNERS, False, True, "民法典第二百七十八条第二项"),
    ("选举或更换业主委员会", Body.OWNERS, False, False, "民法典第二百七十八条第三项"),
    ("选聘或解聘物业", Body.OWNERS, False, False, "民法典第二百七十八条第四项"),
    ("使用维修资金", Body.OWNERS, False, False, "民法典第二百七十八条第五项"),
    ("筹集维修资金", Body.OWNERS, True, False, "民法典第二百七十八条第六项"),
    ("改建、重建建筑物及附属设施", Body.OWNERS, True, False, "民法典第二百七十八条第七项"),
    ("改变共有部分用途或用于经营", Body.OWNERS, True, False, "民法典第二百七十八条第八项"),
    ("其他共有和共同管理事项", Body.OWNERS, False, False, "民法典第二百七十八条第九项"),
)


@transaction.atomic
def load_defaults() -> None:
    if not PlaceFunction.objects.exists():
        PlaceFunction.objects.bulk_create(
            PlaceFunction(name=name, order=10 * number) for number, name in enumerate(FUNCTIONS, 1)
        )
    if not ActivityKind.objects.exists():
        ActivityKind.objects.bulk_create(
            ActivityKind(name=name, family=family, order=10 * number) for number, (name, family) in enumerate(KINDS, 1)
        )
    for basis, is_special, terms in RULES:
        VoteRule.objects.get_or_create(street=None, basis=basis, is_special=is_special, defaults=terms)
    if not Matter.objects.exists():
        Matter.objects.bulk_create(
            Matter(name=name, body=body, is_special=special, is_covenant=covenant, law=law, order=10 * number)
            for number, (name, body, special, covenant, law) in enumerate(MATTERS, 1)
        )
    load_limits(KIND)
