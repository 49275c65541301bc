"""A demonstration panel: 18 experts of all five kinds over the communities, their hours for the next two weeks, and
consultations that were held and rated. Run again later, it adds the hours of the coming weeks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from accounts.models.user import phone_index
from cases.engine.turns import Given
from cases.limits.clock import ZONE
from cases.limits.running import read_once
from cases.models import Case
from cases.services import act
from disputes.experts.services import booking, panel
from disputes.experts.services.threads import say
from disputes.models import Expert, ExpertField, Slot
from disputes.models.expert_querysets import ExpertQuerySet
from grids.demo import IN_POST_FROM, PASSWORD
from grids.models import Grid, Level
from grids.posts.services import appoint

WEEKS = 2
TERM = timedelta(days=730)


@dataclass(frozen=True)
class Role:
    kind: str
    fields: tuple[str, ...]
    introduction: str


ROLES = (
    Role("lawyer", ("房屋租赁", "借款欠款", "劳动工资"), "执业律师，做过十年民事案件，讲法律不绕弯子。"),
    Role("mediator", ("邻里物业", "婚姻家庭", "老人赡养"), "专职人民调解员，擅长把话说开。"),
    Role("psychologist", ("心理疏导", "婚姻家庭"), "心理咨询师，陪您慢慢说，说的话绝不外传。"),
    Role("elder", ("邻里物业", "老人赡养"), "老党员，在社区住了三十年，邻里都信得过。"),
    Role("police", ("治安报警", "损害赔偿"), "社区民警，遇到吵闹、损坏、打架的事可以先问。"),
    Role("lawyer", ("消费维权", "损害赔偿", "婚姻家庭"), "法律援助律师，帮您看合同、算赔偿。"),
)
NAMES = (
    "许文清", "何桂芳", "林静怡", "周德贵", "高建军", "罗晓燕", "郑明辉", "谢春梅", "唐雅琴", "黄福生", "宋国强", "韩玉兰",
    "马志远", "梁秀珍", "冯心怡", "杨水生", "曹卫东", "邓海英",
)  # fmt: skip
MATTERS = (
    ("房东说墙面有划痕，不退押金，怎么办？", "先看合同怎么写，正常使用的磨损不用赔。您把合同拍给我。"),
    ("楼上半夜拖椅子，说了几次不听，还能找谁？", "先记下时间，我和网格长一起上门说说。"),
    ("老人轮流照顾，兄弟不肯出钱，怎么分才公平？", "按各家情况商量一个数，写下来大家都踏实。"),
)


def seed_experts(*, at: datetime) -> int:
    """Returns how many slots were added; none where there is no demonstration tree."""
    street = Grid.objects.filter(level=Level.STREET).order_by("pk").first()
    if street is None or not Grid.objects.filter(level=Level.ESTATE).exists():
        return 0
    is_first = not Expert.objects.exists()
    with transaction.atomic(), read_once():
        if is_first:
            _appoint(street, at)
        made = sum(_hours(expert, number, at) for number, expert in enumerate(_experts()))
        if is_first and at - timedelta(days=40) > IN_POST_FROM:
            _past(at)
            _waiting(at)
    return made


def _experts() -> ExpertQuerySet:
    return Expert.objects.select_related("person").order_by("pk")


def _appoint(street: Grid, at: datetime) -> None:
    """Two of three sit in a community and serve it and the next one; the others sit at the street and serve all."""
    communities = list(street.get_children().filter(retired_at=None).order_by("code"))
    # 宜和社区 first: the people who are shown how it works live there.
    communities.sort(key=lambda node: node.name != "宜和社区")
    fields = {field.name: field for field in ExpertField.objects.all()}
    password = make_password(PASSWORD)
    for number, name in enumerate(NAMES):
        role = ROLES[number % len(ROLES)]
        near = [communities[number % len(communities)], communities[(number + 1) % len(communities)]]
        is_wide = number % 3 == 2
        post = appoint(
            person=_person(number, name, password, at),
            role="expert",
            grid=street if is_wide else near[0],
            from_at=min(at, IN_POST_FROM),
            until_at=at + TERM,
            at=at,
        )
        panel.enlist(
            post=post,
            kind=role.kind,
            fields=[fields[word] for word in role.fields],
            communities=communities if is_wide else near,
            introduction=role.introduction,
            languages="普通话、政和话" if number % 4 else "普通话、政和话、手语",
        )


def _person(number: int, name: str, password: str, at: datetime) -> User:
    phone = f"1990727{number:04d}"
    return User.objects.create(phone=phone, phone_index=phone_index(phone), name=name, password=password, joined_at=at)


def _hours(expert: Expert, number: int, at: datetime) -> int:
    """Two days a week, mornings or afternoons in turn, every other one at the community's tea table."""
    begins = time(9) if number % 2 else time(15)
    return panel.open_week(
        expert=expert,
        weekdays=(number % 5, (number + 2) % 5),
        begins=begins,
        ends=time(begins.hour + 2),
        minutes=60,
        weeks=WEEKS,
        place="社区邻里服务中心" if number % 2 else "",
        at=at,
    )


def _past(at: datetime) -> None:
    """Held, finished and rated, three for each of the first six experts."""
    people = list(User.objects.filter(posts=None).order_by("pk"))
    for number, expert in enumerate(_experts()[:6]):
        for turn, (matter, answer) in enumerate(MATTERS):
            day = (at.astimezone(ZONE) - timedelta(days=33 - number - 8 * turn)).replace(hour=10, minute=0, second=0)
            resident = people[(number + turn) % len(people)]
            _held(expert, resident, matter, answer, day.replace(microsecond=0), score=5 if (number + turn) % 4 else 4)


def _held(expert: Expert, resident: User, matter: str, answer: str, day: datetime, score: int) -> None:
    asked = day - timedelta(days=2)
    case = _booked(expert, resident, matter, day, asked)
    _draw(case, "accept", expert.person, asked + timedelta(hours=1))
    say(case=case, by=resident, at=asked + timedelta(hours=2), words="谢谢，到时候我把材料发给您。")
    say(case=case, by=expert.person, at=day + timedelta(minutes=5), words=answer)
    _draw(case, "hold", expert.person, day + timedelta(minutes=10))
    _draw(case, "finish", resident, day + timedelta(hours=1))
    _draw(case, "rate", resident, day + timedelta(hours=2), score=score, advice="讲得明白，谢谢。")


def _booked(expert: Expert, resident: User, matter: str, from_at: datetime, at: datetime) -> Case:
    slot = panel.open_slot(expert=expert, from_at=from_at, until_at=from_at + timedelta(hours=1), place="", at=at)
    return _book(slot, resident, matter, at)


def _book(slot: Slot, resident: User, matter: str, at: datetime) -> Case:
    expert = slot.expert
    return booking.book(
        resident=resident,
        slot=slot,
        field=expert.fields.order_by("pk")[0],
        community=expert.communities.order_by("pk")[0],
        matter=matter,
        submit_key=f"demo:expert:{slot.pk}",
        at=at,
    )


def _draw(case: Case, verb: str, by: User, at: datetime, **more: object) -> None:
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(), **more)


def _waiting(at: datetime) -> None:
    """One booking that waits for the first expert, whom people sign in as."""
    slot = Slot.objects.free(at).filter(expert=_experts()[0]).select_related("expert").order_by("from_at").first()
    resident = User.objects.filter(posts=None).order_by("pk").last()
    if slot is not None and resident is not None:
        _book(slot, resident, MATTERS[0][0], at)
