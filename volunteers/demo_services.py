"""Services of the demonstration: 532 that are done, what they solved, and a few under way."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from cases import clock
from cases.clock import Unit
from cases.limits import calendar_around, limit_for
from cases.models import Case, CaseEvent, Category, Rating, Seat
from cases.models.rules import Stage
from cases.services import new_number
from grids.models import Grid, Post
from volunteers.models import HoursEntry, Need, Offer, PointRule, PointsEntry, Project, ServiceOrder
from volunteers.services import hours, orders, points

SERVICES, PROBLEMS, URGENT = 532, 135, 156
PROJECTS = 12
BATCH = 2000
TITLES = {
    "探访陪伴": "陪独居老人聊天", "代办跑腿": "代买药、代缴费", "理发助浴": "上门理发", "放学看护": "放学后看护孩子",
    "课业辅导": "辅导小学作业", "水电维修": "修水管、换灯", "家电家具": "修洗衣机", "测量护理": "量血压、换药",
    "心理疏导": "陪着说说心事", "法律咨询": "看看租房合同", "清洁整治": "清理楼道杂物", "巡逻值守": "夜间巡逻",
    "手机教学": "教用手机挂号", "文艺活动": "教唱社区合唱",
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """One service as it went: everything that follows from it is written from this."""

    case: Case
    helper: User
    asker: User
    begins_at: datetime
    minutes: int
    score: int

    @property
    def opened_at(self) -> datetime:
        return self.begins_at - timedelta(days=2)

    @property
    def asked_at(self) -> datetime:
        return self.begins_at - timedelta(days=1)

    @property
    def taken_at(self) -> datetime:
        return self.begins_at - timedelta(hours=20)

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(hours=2)

    @property
    def left_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)

    @property
    def rated_at(self) -> datetime:
        return self.left_at + timedelta(hours=3)


def seed(*, people: list[User], estates: list[Grid], chance: random.Random, at: datetime) -> None:
    holders = {
        post.grid_id: post
        for post in Post.objects.filter(role="community_worker", person__is_demo=True).select_related("person")
    }
    askers = list(User.objects.filter(is_demo=True, posts=None, volunteer=None).order_by("pk"))
    kinds = list(Category.objects.filter(kind="service", name__in=TITLES).order_by("pk"))
    done = list(_done(people, askers, estates, holders, kinds, chance, at))
    _write_cases(done)
    needs = _write_needs(done)
    _write_orders(done, needs)
    _write_ledgers(done)
    _write_projects(needs, at)
    _begin_some(estates, holders, kinds, askers, people, at)


def _done(
    people: list[User],
    askers: list[User],
    estates: list[Grid],
    holders: dict[int | None, Post],
    kinds: list[Category],
    chance: random.Random,
    at: datetime,
) -> Iterator[Done]:
    """Spread over the last half year, morning to evening."""
    rating = limit_for(kind="service", stage=Stage.RATE, category=None, urgency="normal")
    morning = at.replace(hour=1, minute=0, second=0, microsecond=0)
    for serial in range(SERVICES):
        estate, kind = estates[serial % len(estates)], kinds[serial % len(kinds)]
        begins = morning - timedelta(days=5 + serial % 170, hours=-chance.randrange(0, 9))
        minutes, score = chance.choice((65, 90, 125, 185)), chance.choice((5, 5, 5, 4, 4, 3))
        holder = holders[estate.parent_id]
        case = Case(
            number=new_number(), kind="service", state="done", title=TITLES[kind.name], category=kind, grid=estate,
            place=estate.name, is_demo=True, holder=holder, opened_at=begins - timedelta(days=2),
            dispatched_at=begins - timedelta(days=1), signed_at=begins - timedelta(hours=20),
            finished_at=begins + timedelta(minutes=minutes), finished_by=people[serial % len(people)],
            closed_at=begins + timedelta(minutes=minutes, hours=3), outcome="rated", version=5, event_count=6,
            urgency="normal", due_from_at=begins + timedelta(minutes=minutes),
            due_amount=rating.amount, due_unit=rating.unit,
        )  # fmt: skip
        one = Done(case, people[serial % len(people)], askers[serial % len(askers)], begins, minutes, score)
        case.finish_by_at, case.finish_unit = one.ends_at, Unit.HOUR  # the promise is the agreed time
        case.finish_amount = int((one.ends_at - one.opened_at) / timedelta(hours=1))
        case.finish_from_at = one.opened_at
        yield one


def _write_cases(done: list[Done]) -> None:
    Case.objects.bulk_create((one.case for one in done), BATCH)
    calendar = calendar_around(done[0].begins_at)
    limits = {
        stage: limit_for(kind="service", stage=stage, category=None, urgency="normal")
        for stage in (Stage.DISPATCH, Stage.SIGN, Stage.RATE)
    }

    def due(stage: str, from_at: datetime) -> datetime:
        return clock.add(calendar, from_at, limits[Stage(stage)])

    CaseEvent.objects.bulk_create((event for one in done for event in _story(one, due)), BATCH)
    Seat.objects.bulk_create(
        (
            Seat(case=one.case, person=person, role=role, from_at=from_at)
            for one in done
            for role, person, from_at in (("asker", one.asker, one.opened_at), ("helper", one.helper, one.taken_at))
        ),
        BATCH,
    )
    Rating.objects.bulk_create(
        (Rating(case=one.case, score=one.score, is_solved=True, rated_at=one.rated_at) for one in done), BATCH
    )


def _story(one: Done, due: Callable[[str, datetime], datetime]) -> Iterator[CaseEvent]:
    assert one.case.holder is not None
    worker = one.case.holder.person
    steps = (
        ("open", "", "planned", worker, "dispatcher", one.opened_at, due(Stage.DISPATCH, one.opened_at), {}),
        ("offer", "planned", "offered", worker, "holder", one.asked_at, due(Stage.SIGN, one.asked_at), {"asked": 1}),
        ("fill", "offered", "staffed", one.helper, "helper", one.taken_at, one.ends_at, {}),
        ("begin", "staffed", "serving", one.helper, "helper", one.begins_at, one.ends_at, {}),
        ("finish", "serving", "awaiting_rating", one.helper, "helper", one.left_at, due(Stage.RATE, one.left_at), {}),
        ("rate", "awaiting_rating", "done", one.asker, "asker", one.rated_at, None, {"score": one.score, "is_solved": True}),
    )  # fmt: skip
    for number, (verb, before, after, by, standing, when, due_at, said) in enumerate(steps, start=1):
        yield CaseEvent(
            case=one.case, number=number, verb=verb, from_state=before, to_state=after, by=by, standing=standing,
            at=when, holder=one.case.holder, due_at=due_at, said=said,
        )  # fmt: skip


def _write_needs(done: list[Done]) -> list[Need]:
    """Each solved need was met by a service of its own: 135 problems, 156 urgent matters."""
    needs = []
    for serial, one in enumerate(done[: PROBLEMS + URGENT]):
        assert one.case.holder is not None
        worker = one.case.holder.person
        needs.append(
            Need(
                source="visit", grid=one.case.grid, title=one.case.title, category=one.case.category,
                urgency="normal" if serial < PROBLEMS else "urgent", people_count=1 + serial % 5,
                state=Need.State.SOLVED, noted_by=worker, noted_at=one.opened_at, ended_at=one.rated_at,
                ended_by=worker, is_demo=True,
            )
        )  # fmt: skip
    return Need.objects.bulk_create(needs, BATCH)


def _write_orders(done: list[Done], needs: list[Need]) -> None:
    ServiceOrder.objects.bulk_create(
        (
            ServiceOrder(
                case=one.case, need=needs[serial] if serial < len(needs) else None, wanted=1,
                begins_at=one.begins_at, ends_at=one.ends_at,
            )
            for serial, one in enumerate(done)
        ),
        BATCH,
    )  # fmt: skip
    Offer.objects.bulk_create(
        (
            Offer(
                order_id=one.case.pk, person=one.helper, state=Offer.State.ACCEPTED, rank=1,
                offered_at=one.asked_at, answered_at=one.taken_at,
                arrived_at=one.begins_at, left_at=one.left_at,
            )
            for one in done
        ),
        BATCH,
    )  # fmt: skip


def _write_ledgers(done: list[Done]) -> None:
    """By the keys the services use: awarding again would add nothing."""
    calendar = calendar_around(done[0].begins_at)
    HoursEntry.objects.bulk_create(
        (
            HoursEntry(
                person=one.helper, case=one.case, hours=one.minutes // 60, minutes=one.minutes, noted_at=one.left_at,
                counts_at=clock.add(calendar, one.left_at, hours.PUBLISHED_FOR), key=f"order:{one.case.pk}:{one.helper.pk}",
            )
            for one in done
        ),
        BATCH,
    )  # fmt: skip
    rules = {what: points.rule_for(what, None, on=done[0].begins_at.date()) for what in PointRule.What.values}
    entries = []
    for one in done:
        times = {"service": 1, "hour": one.minutes // 60, "praise": int(one.score == points.VERY_GOOD)}
        for what, rule in rules.items():
            if rule is not None and times[what]:
                entries.append(
                    PointsEntry(
                        person=one.helper, points=rule.points * times[what], rule=rule, case=one.case,
                        words=f"{rule.get_what_display()}：{one.case.title}", noted_at=one.rated_at,
                        key=f"order:{one.case.pk}:{one.helper.pk}:{what}",
                    )
                )  # fmt: skip
    PointsEntry.objects.bulk_create(entries, BATCH)


def _write_projects(needs: list[Need], at: datetime) -> None:
    """Some of the solved needs were taken on together, by the estate's stewards."""
    for serial in range(PROJECTS):
        need = needs[serial]
        team = need.grid.teams.filter(kind="steward").first()
        project = Project.objects.create(
            name=f"{need.grid.name}{need.category.name}", team=team, grid=need.grid, plan="每周固定一天，由小区管家轮流上门。",
            from_date=need.noted_at.date(), until_date=(need.noted_at + timedelta(days=30)).date(), state="finished",
            result="已回应全部需求，转为经常性服务。", ended_at=need.ended_at, is_public=True, is_demo=True,
        )  # fmt: skip
        project.needs.add(need)


def _begin_some(
    estates: list[Grid],
    holders: dict[int | None, Post],
    kinds: list[Category],
    askers: list[User],
    people: list[User],
    at: datetime,
) -> None:
    """One to dispatch, one offered, one taken: through the services, as they will go on."""
    for serial, asked in enumerate(((), people[1:3], people[2:3])):
        estate = estates[serial]
        worker = holders[estate.parent_id].person
        begins = at + timedelta(days=2 + serial)
        case = orders.open_order(
            title=TITLES[kinds[serial].name], grid=estate, place=estate.name, category=kinds[serial], begins_at=begins,
            ends_at=begins + timedelta(hours=2), by=worker, at=at, asker=askers[0],
        )  # fmt: skip
        if asked:
            orders.offer(case=case, people=asked, by=case.holder.person, at=at)
        if len(asked) == 1:
            orders.accept(case=case, by=asked[0], at=at)
