"""The demonstration of this room, to the published figures. Rows by the thousand are written in bulk, as the services
would have left them (`manage.py check_cases` proves it); the few that are under way are driven through the services."""

import random
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.models.user import phone_index
from cases.engine.planting import planting
from cases.models import Category
from grids.demo import make_name
from grids.models import Grid, Level, Pairing, Post, Unit, UnitKind
from volunteers.demo import services as demo_services
from volunteers.models import (
    CertificateOffice,
    DutyReport,
    Membership,
    Plan,
    PlanTask,
    Resource,
    Reward,
    Team,
    TeamMember,
    Volunteer,
)
from volunteers.services.people import new_number

STEWARDS, SOCIETIES, REPORTED, SUPPORT_TEAMS, MEMBERS = 228, 13, 2162, 153, 4332
BATCH = 2000
OFFICES = (
    "县委办", "县政府办", "县纪委监委", "县委组织部", "县委宣传部", "县委政法委", "县教育局", "县公安局", "县民政局", "县司法局",
    "县财政局", "县人社局", "县自然资源局", "县住建局", "县交通局", "县农业农村局", "县水利局", "县商务局", "县文旅局",
    "县卫健局", "县退役军人局", "县应急局", "县审计局", "县市场监管局", "县统计局", "县医保局", "县林业局", "县税务局",
    "县总工会", "团县委", "县妇联", "县残联", "县医院", "县中医院", "政和一中", "政和二中", "县实验小学", "县融媒体中心",
)  # fmt: skip
CARES = ("义工", "助老", "法律援助", "心理", "救援", "环保", "科普", "书法", "茶艺", "医护", "家电维修", "青年", "巾帼")


def seed_volunteers(*, at: datetime, every: int = 1) -> None:
    """Of the services every `every`-th. Idempotent: does nothing when it is there, or when there is no demonstration
    street."""
    estates = list(Grid.objects.filter(level=Level.ESTATE).select_related("parent").order_by("lft"))
    if not estates or Team.objects.exists():
        return
    chance = random.Random(350725)
    since = at - timedelta(days=300)
    with planting():
        offices, societies = _units(estates, since)
        people = _people(chance, since)
        _volunteers(people, estates, chance, since, at)
        _memberships(people, offices, estates, since)
        teams = _teams(people, estates, offices, societies, since)
        _lists(estates, societies, teams, since, at)
        _plans(estates, teams)
        _offices(estates)
        demo_services.seed(people=people[:STEWARDS], estates=estates, chance=chance, at=at, every=every)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # thousands of rows at once: until then the planner takes the tables for empty


def _units(estates: list[Grid], since: datetime) -> tuple[list[Unit], list[Unit]]:
    offices = [Unit(name=f"{name}（演示）", kind=UnitKind.OFFICE) for name in OFFICES]
    societies = [Unit(name=f"政和县{word}协会（演示）", kind=UnitKind.SOCIETY) for word in CARES]
    Unit.objects.bulk_create([*offices, *societies])
    communities = sorted({estate.parent for estate in estates}, key=lambda node: node.pk)
    Pairing.objects.bulk_create(
        Pairing(unit=unit, grid=communities[serial % len(communities)], from_at=since)
        for serial, unit in enumerate(offices)
    )
    return offices, societies


def _people(chance: random.Random, since: datetime) -> list[User]:
    phones = [f"198{serial:08d}" for serial in range(MEMBERS)]
    return User.objects.bulk_create(
        (
            User(
                phone=phone,
                phone_index=phone_index(phone),
                name=make_name(chance),
                password="!",
                joined_at=since,
            )
            for phone in phones
        ),
        BATCH,
    )


def _volunteers(people: list[User], estates: list[Grid], chance: random.Random, since: datetime, at: datetime) -> None:
    skills = list(Category.objects.filter(kind="service", parent__isnull=False).order_by("pk"))
    checker = Post.objects.filter(role="community_worker").select_related("person").first()
    assert checker is not None
    checked = timezone.localdate(at) - timedelta(days=90)
    rows = [
        Volunteer(
            person=person,
            number=new_number(),
            grid=estates[serial % len(estates)],
            listed_at=since,
            agreed_at=since,
            free_times=["weekend_day"] if serial % 2 else ["workday_evening", "weekend_day"],
            checked_date=checked if serial < STEWARDS else None,
            checked_by=checker.person if serial < STEWARDS else None,
        )
        for serial, person in enumerate(people)
    ]
    Volunteer.objects.bulk_create(rows, BATCH)
    through = Volunteer.skills.through
    through.objects.bulk_create(
        (
            through(volunteer_id=person.pk, category_id=skill.pk)
            for person in people
            for skill in chance.sample(skills, 2)
        ),
        BATCH,
    )


def _memberships(people: list[User], offices: list[Unit], estates: list[Grid], since: datetime) -> None:
    """The reported members are of units; every ninth of the stewards is retired."""
    reported = people[:REPORTED]
    Membership.objects.bulk_create(
        (
            Membership(
                unit=offices[serial % len(offices)],
                person=person,
                from_at=since,
                employment="retired" if serial < STEWARDS and serial % 9 == 0 else "in_service",
            )
            for serial, person in enumerate(reported)
        ),
        BATCH,
    )
    deciders = dict(Post.objects.filter(role="branch_secretary", grid__in=estates).values_list("grid", "person"))
    DutyReport.objects.bulk_create(
        (
            DutyReport(
                person=person,
                unit=offices[serial % len(offices)],
                grid=estates[serial % len(estates)],
                state=DutyReport.State.APPROVED,
                reported_at=since,
                decided_at=since + timedelta(days=1),
                decided_by_id=deciders[estates[serial % len(estates)].pk],
            )
            for serial, person in enumerate(reported)
        ),
        BATCH,
    )


def _teams(
    people: list[User], estates: list[Grid], offices: list[Unit], societies: list[Unit], since: datetime
) -> list[Team]:
    """One team of stewards an estate, one a society, 153 of support; the first member leads."""
    stewards = [_team(f"{estate.name}小区管家队", "steward", estate, since) for estate in estates]
    clubs = [
        _team(unit.name.replace("（演示）", "服务队"), "society", estates[n].parent, since, unit)
        for n, unit in enumerate(societies)
    ]
    support = [
        _team(
            f"{estates[n % len(estates)].name}第{n // len(estates) + 1}支援队",
            "support",
            estates[n % len(estates)],
            since,
        )
        for n in range(SUPPORT_TEAMS)
    ]
    teams = Team.objects.bulk_create([*stewards, *clubs, *support])
    members = [(stewards[n % len(stewards)], person) for n, person in enumerate(people[:STEWARDS])]
    members += [(clubs[n % len(clubs)], person) for n, person in enumerate(people[STEWARDS : STEWARDS + 130])]
    members += [(support[n % SUPPORT_TEAMS], person) for n, person in enumerate(people)]
    TeamMember.objects.bulk_create((TeamMember(team=team, person=who, from_at=since) for team, who in members), BATCH)
    for team, person in reversed(members):
        team.leader = person
    Team.objects.bulk_update(teams, ["leader"])
    return teams


def _offices(estates: list[Grid]) -> None:
    """Each community certifies the hours of its volunteers."""
    communities = sorted({estate.parent for estate in estates}, key=lambda node: node.pk)
    leaders = dict(
        Post.objects.filter(role="community_secretary", grid__in=communities).values_list("grid", "person__name")
    )
    clerks = dict(
        Post.objects.filter(role="community_worker", grid__in=communities).values_list("grid", "person__name")
    )
    CertificateOffice.objects.bulk_create(
        CertificateOffice(
            grid=community,
            name=f"政和县{community.parent.name}{community.name}居民委员会（演示）",
            head=leaders[community.pk],
            clerk=clerks[community.pk],
            contact="0599-0000000",
        )
        for community in communities
    )


def _team(name: str, kind: str, grid: Grid, since: datetime, unit: Unit | None = None) -> Team:
    return Team(name=name, kind=kind, grid=grid, unit=unit, founded_at=since)


def _lists(estates: list[Grid], societies: list[Unit], teams: list[Team], since: datetime, at: datetime) -> None:
    """What the societies offer, and things to exchange points for."""
    skills = list(Category.objects.filter(kind="service", parent__isnull=False).order_by("pk"))
    Resource.objects.bulk_create(
        Resource(
            name=f"{skills[n % len(skills)].name}服务",
            kind="people",
            category=skills[n % len(skills)],
            unit=unit,
            grid=estates[n].parent,
            amount="每周 2 次",
            free_times=["weekend_day"],
            from_date=timezone.localdate(since),
        )
        for n, unit in enumerate(societies)
    )
    Reward.objects.bulk_create(
        Reward(
            name=name,
            points=cost,
            stocked=60,
            grid=estates[0].parent,
            place=f"{estates[0].parent.name}邻里服务中心",
        )
        for name, cost in (("雨伞", 40), ("保温杯", 60), ("理发一次", 20), ("政和白茶（小盒）", 80))
    )


PLANS = (
    ("防汛预案", "flood", "河水上涨，请到小区党群服务点集合", ("转移低洼处群众", "巡查河道", "发放物资")),
    ("防台风预案", "typhoon", "台风将至，请到小区党群服务点集合", ("加固广告牌", "巡查危房")),
    ("疫情应对预案", "epidemic", "请到小区门口集合，做好防护", ("楼栋值守", "代买代送")),
    ("火灾应对预案", "fire", "小区起火，请听消防指挥，协助疏散", ("疏散群众", "维持通道")),
)


def _plans(estates: list[Grid], teams: list[Team]) -> None:
    """Of the whole street: all its support teams."""
    street = estates[0].parent.parent
    for name, hazard, words, tasks in PLANS:
        plan = Plan.objects.create(name=f"熊山街道{name}（演示）", hazard=hazard, grid=street, words=words)
        plan.grids.add(street)
        plan.teams.set(team for team in teams if team.kind == Team.Kind.SUPPORT)
        PlanTask.objects.bulk_create(
            PlanTask(plan=plan, title=task, grid=estates[n].parent, wanted=4) for n, task in enumerate(tasks)
        )
