"""What the room starts with: types, time limits, the rule that routes, reasons and other ways. Staff change them in the
admin; loading again adds what is missing and overwrites nothing."""

from pathlib import Path

from django.db import transaction

from cases.defaults import add_missing, load_limits
from cases.models import RoutingRule
from disputes.experts import workflow as consulting
from disputes.models import DisputeType, ExpertField, Guidance, PlainKind, Reason
from disputes.workflow import KIND
from tables.shipped import read_shipped

TYPES = Path(__file__).with_name("dispute_types.csv")

EXPERT_FIELDS = (
    "邻里物业", "婚姻家庭", "老人赡养", "劳动工资", "房屋租赁", "借款欠款", "损害赔偿", "消费维权", "心理疏导", "治安报警",
)  # fmt: skip

# What residents pick (in this order), and the type it stands for at first
PLAIN_KINDS = (
    ("漏水、排水、采光、通风", "0201"),
    ("噪音、油烟、气味、宠物", "0203"),
    ("停车、楼道堆放、物业服务", "0402"),
    ("宅基地、田地、山林、地界", "0902"),
    ("婚姻、恋爱", "0101"),
    ("老人赡养、孩子抚养", "0102"),
    ("分家、继承", "0103"),
    ("借钱、欠钱", "0804"),
    ("买东西、请人做事", "0601"),
    ("买房、租房、装修", "0602"),
    ("工资、工伤、劳动", "0701"),
    ("伤了人、弄坏东西要赔偿", "0599"),
    ("不清楚，请调解员来定", "99"),
)

# (order, name, source)
REASONS = (
    (10, "法律规定只能由专门机关管辖处理的", "人民调解委员会及调解员工作规范"),
    (20, "法律禁止采用民间调解方式解决的", "人民调解委员会及调解员工作规范"),
    (30, "人民法院、公安机关或其他行政机关已经受理或解决的", "人民调解委员会及调解员工作规范"),
    (40, "一方明确拒绝调解的", "人民调解法第十七条"),
    (50, "反映组织人事、干部作风的", "应由纪检监察、组织部门处理"),
    (60, "没有明确的当事人或具体的请求的", "人民调解委员会及调解员工作规范"),
)

# (order, name, advice, phone)
GUIDANCE = (
    (10, "向法院起诉", "可以向有管辖权的人民法院起诉，经济困难的可申请法律援助（12348）。", "12368"),
    (20, "劳动争议仲裁", "劳动争议应先向劳动人事争议仲裁委员会申请仲裁，一般在一年之内。", "12333"),
    (30, "商事仲裁", "合同里约定了仲裁的，可以向约定的仲裁委员会申请仲裁。", ""),
    (
        40,
        "行政途径",
        "属于行政机关职责的，可以申请行政调解、行政裁决或行政复议，先拨打 12345 问清找哪个部门。",
        "12345",
    ),
    (50, "公安机关", "涉嫌违反治安管理或犯罪的，可以向公安机关报案，紧急时拨打 110。", "110"),
    (60, "法律咨询", "不清楚怎么办的，可以拨打法律服务热线免费咨询。", "12348"),
)


@transaction.atomic
def load_defaults() -> None:
    load_types()
    load_limits(KIND, consulting.KIND)
    add_missing(("name",), (ExpertField(name=name, order=order * 10) for order, name in enumerate(EXPERT_FIELDS, 1)))
    RoutingRule.objects.get_or_create(
        name="矛盾纠纷先到党小组长", defaults={"order": 100, "kind": KIND, "role": "group_leader"}
    )
    add_missing(
        ("name",),
        (PlainKind(order=order * 10, name=name, type_id=code) for order, (name, code) in enumerate(PLAIN_KINDS, 1)),
    )
    add_missing(("name",), (Reason(order=order, name=name, source=source) for order, name, source in REASONS))
    add_missing(
        ("name",),
        (Guidance(order=order, name=name, advice=advice, phone=phone) for order, name, advice, phone in GUIDANCE),
    )


def load_types() -> None:
    """The 17 + 78 types of 综治, each with its 司法行政 type."""
    known = set(DisputeType.objects.values_list("code", flat=True))
    DisputeType.objects.bulk_create(
        DisputeType(
            code=row["code"],
            parent_id=row["parent"] or None,
            name=row["name"],
            judicial_type=row["judicial_type"],
        )
        for row in read_shipped(TYPES)
        if row["code"] not in known
    )
