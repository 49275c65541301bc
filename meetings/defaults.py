"""What the room starts with: what centres offer, kinds of activity. Staff change them in the admin; loading again adds
nothing where there is something."""

from django.db import transaction

from grids.models import PlaceFunction
from meetings.models import ActivityKind

FUNCTIONS = ("便民服务", "老年活动", "儿童活动", "医疗保健", "运动休闲", "助餐", "议事协商", "图书阅览")
KINDS = (
    ("政策便民", "service"), ("健康义诊", "service"), ("亲子托管", "service"), ("技能培训", "service"),
    ("邻里节庆", "service"), ("家风故事", "virtue"), ("家教课堂", "virtue"), ("传统技艺", "virtue"),
)  # fmt: skip


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
