"""What stands on a person's own sheet (五长履职, 双报到) and on a unit's card (文明单位): services and duties, each number with
its definition and the list behind it. Read when looked at, never kept, and nothing about residents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from cases.limits.clock import ZONE
from cases.models import Case
from dashboards.figures.areas import Area
from dashboards.figures.cuts import Cut
from dashboards.figures.lists import lines as lines_behind
from dashboards.figures.measures import MEASURES
from dashboards.figures.periods import Period
from dashboards.figures.sources import SOURCES
from dashboards.figures.sources.base import Line
from dashboards.figures.sources.cases import first_finish
from dashboards.figures.splits import UNITS
from dashboards.models import SheetComment, Tally
from dashboards.models.querysets import TallyQuerySet
from grids.models import Grid, Post, Shift, Territory, TerritoryLevel, TerritoryPost, Unit
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import allows, may, posts_of
from meetings.models import Invitation, TeaTalk
from volunteers.models import Call, DutyEntry, DutyReport, HoursEntry, Membership, Offer

Moments = tuple[datetime, datetime]


@dataclass(frozen=True)
class Whose:
    """Of whom, and when."""

    period: Period
    at: datetime
    person: User | None = None
    unit: Unit | None = None
    area: Area | None = None
    """Of a unit: the services its reader reads figures of."""

    @property
    def moments(self) -> Moments:
        begin = datetime.combine(self.period.first, time(0), ZONE)
        return begin, datetime.combine(self.period.last, time(0), ZONE) + timedelta(days=1)

    def within(self, column: str) -> dict[str, datetime]:
        begin, end = self.moments
        return {f"{column}__gte": begin, f"{column}__lt": end}

    @property
    def places(self) -> GridQuerySet:
        assert self.area is not None, "a unit is read within an area"
        places: GridQuerySet = self.area.nodes.order_by()
        return places

    def given(self, measure: str) -> TallyQuerySet:
        """Of a unit: what it gave there in the period."""
        assert self.area is not None, "a unit is read within an area"
        assert self.unit is not None, "only a unit's card asks"
        return Cut(self.area, "", period=self.period, split=UNITS, value=self.unit.pk).tallies(measure)

    @property
    def five(self) -> Any:
        """All their posts of the 五长, past ones too."""
        return TerritoryPost.objects.filter(person=self.person).select_related("node").order_by("pk")


@dataclass(frozen=True)
class Item:
    """One number of a sheet."""

    label: str
    means: str
    rows: Callable[[Whose], QuerySet[Any]]
    line: Callable[[Any], Line]
    unit: str = "件"
    total: Callable[[QuerySet[Any]], int] = lambda rows: rows.count()
    fact: Callable[[Any], tuple[str, str]] = lambda row: ("", "")
    """(day, what was done) on paper (dashboards/sheets/paper.py): it is handed on, so nobody else is named."""


@dataclass(frozen=True)
class Entry:
    code: str
    item: Item
    number: int


def entries(items: dict[str, Item], whose: Whose) -> list[Entry]:
    return [Entry(code, item, item.total(item.rows(whose))) for code, item in items.items()]


def lines(item: Item, rows: Sequence[Any], reader: User) -> list[Line]:
    """Cases, and what is counted, are shown as far as their reader may read them."""
    if rows and isinstance(rows[0], Tally):
        return lines_behind(rows, reader)
    if not rows or not isinstance(rows[0], Case):
        return [item.line(row) for row in rows]
    case_lines = SOURCES["case"].lines([case.pk for case in rows], reader)
    return [case_lines[case.pk] for case in rows]


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def _finished(whose: Whose) -> QuerySet[Case]:
    return Case.objects.filter(finished_by=whose.person, **whose.within("finished_at")).order_by("-finished_at", "-pk")


def _case_line(case: Case) -> Line:
    return Line(case.number, case.state_label)


def _case_fact(case: Case) -> tuple[str, str]:
    """On paper: nothing about who asked, and for what."""
    return _day(case.finished_at or case.opened_at), f"{case.kind_label} {case.number}，{case.state_label}"


def _in_time(rows: Callable[[Whose], QuerySet[Case]]) -> Item:
    """The part of these that was finished in time, as everywhere (dashboards/figures/measures.py): what was done anew afterwards
    had a limit of its own."""

    def in_time(whose: Whose) -> QuerySet[Case]:
        cases = rows(whose).filter(finish_by_at__isnull=False, missed_at=None).alias(first=first_finish())
        return cases.filter(first__lte=F("finish_by_at"))

    means = "首次办结不晚于答复时限的；时限过后才延期的不算"
    return Item("其中按时", means, in_time, _case_line, fact=_case_fact)


POST_ITEMS: dict[str, Item] = {
    "finished": Item("办结的事项", "由本人办结的各类事项，按最近一次办结的那天计入", _finished, _case_line, fact=_case_fact),
    "in-time": _in_time(_finished),
    "held": Item(
        "现在在手", "现在由本人负责、没有归档的事项",
        lambda whose: Case.objects.open().filter(holder__person=whose.person).order_by("due_at", "pk"), _case_line,
        fact=_case_fact,
    ),
    "shifts": Item(
        "联勤值班", "排到本人的值班，按开始的那天计入",
        lambda whose: Shift.objects.filter(posts__person=whose.person, **whose.within("begins_at"))
        .select_related("grid").distinct().order_by("-begins_at"),
        lambda shift: Line(
            f"{shift.grid.name} {shift.note}".strip(), f"{timezone.localtime(shift.begins_at):%Y-%m-%d %H:%M}"
        ), "次",
        fact=lambda shift: (_day(shift.begins_at), f"在{shift.grid.name}值班"),
    ),
    "conferences": Item(
        "参加联席会议", "登记为到会的，按开会那天计入",
        lambda whose: Invitation.objects.filter(
            person=whose.person, attended=True, **whose.within("conference__from_at")
        ).select_related("conference").order_by("-conference__from_at"),
        lambda invitation: Line(invitation.conference.title, _day(invitation.conference.from_at)), "次",
        fact=lambda invitation: (_day(invitation.conference.from_at), invitation.conference.title),
    ),
    "tea": Item(
        "主持一杯茶", "本人主持的茶话，按谈的那天计入",
        lambda whose: TeaTalk.objects.filter(host=whose.person, **whose.within("held_at")).order_by("-held_at"),
        lambda talk: Line(talk.subject, _day(talk.held_at)), "次",
        fact=lambda talk: (_day(talk.held_at), "主持一杯茶"),
    ),
}  # fmt: skip


def _places_of(post: TerritoryPost) -> GridQuerySet:
    """The 小区 of the 邻里 that whoever is 邻里长, 街巷长 or 片区长 looks after. A 楼栋 is less than a grid, so of 楼栋长 and
    户组长 there is nothing to count."""
    nodes = Territory.objects.current().in_area([post.node]).filter(level=TerritoryLevel.NEIGHBOURHOOD)
    places: GridQuerySet = Grid.objects.in_area(Grid.objects.filter(territories__in=nodes).distinct()).order_by()
    return places


def _finished_there(whose: Whose) -> QuerySet[Case]:
    """Nobody answers for what was before their time, nor after it."""
    begin, end = whose.moments
    theirs = Q(pk__in=())
    for post in whose.five.overlapping(begin, end):
        until = min(end, post.until_at or end)
        theirs |= Q(grid__in=_places_of(post), finished_at__gte=max(begin, post.from_at), finished_at__lt=until)
    return Case.objects.filter(theirs).order_by("-finished_at", "-pk")


def _open_there(whose: Whose) -> QuerySet[Case]:
    theirs = Q(pk__in=())
    for post in whose.five.held_at(whose.at):
        theirs |= Q(grid__in=_places_of(post))
    return Case.objects.open().filter(theirs).order_by("due_at", "pk")


PLACE_ITEMS: dict[str, Item] = {
    "places-finished": Item(
        "所辖办结", "在任期间，负责的邻里对应的小区里办结的事项，不论谁办，按最近一次办结的那天计入", _finished_there, _case_line,
        fact=_case_fact,
    ),
    "places-in-time": _in_time(_finished_there),
    "places-open": Item("所辖在办", "负责的邻里对应的小区里现在没有归档的事项", _open_there, _case_line, fact=_case_fact),
}  # fmt: skip

DUTY_ITEMS: dict[str, Item] = {
    "duty": Item(
        "双报到记录", "支部记下的本人参加的事，按做的那天计入",
        lambda whose: DutyEntry.objects.filter(
            report__person=whose.person, date__range=whose.period.days
        ).select_related("report__grid").order_by("-date", "-pk"),
        lambda entry: Line(entry.words, f"{entry.date} · {entry.report.grid.name}"), "次",
        fact=lambda entry: (f"{entry.date}", f"在{entry.report.grid.name}：{entry.words}"),
    ),
    "services": Item(
        "志愿服务", "本人到场并签退的服务，按签退的那天计入",
        lambda whose: Offer.objects.filter(person=whose.person, **whose.within("left_at"))
        .select_related("order__case__grid").order_by("-left_at"),
        lambda offer: Line(offer.order.case.title, f"{_day(offer.left_at)} · {offer.order.case.grid.name}"), "次",
        fact=lambda offer: (_day(offer.left_at), f"在{offer.order.case.grid.name}服务"),
    ),
    "hours": Item(
        "服务时数", "公示期满的小时数，更正已计入，按服务的那天计入",
        lambda whose: HoursEntry.objects.filter(
            person=whose.person, counts_at__lte=whose.at, **whose.within("case__service__begins_at")
        ).exclude(hours=0).select_related("case__grid").order_by("-noted_at", "-pk"),
        lambda entry: Line(f"{entry.case.title}：{entry.hours} 小时", entry.case.grid.name), "小时",
        lambda rows: rows.aggregate(total=Sum("hours"))["total"] or 0,
        lambda entry: (_day(entry.noted_at), f"在{entry.case.grid.name}服务 {entry.hours} 小时"),
    ),
    "calls": Item(
        "应急动员应答", "本人答复过的动员，来不了的也算答复，按答复的那天计入",
        lambda whose: Call.objects.filter(person=whose.person, **whose.within("answered_at"))
        .select_related("call_out").order_by("-answered_at"),
        lambda call: Line(call.call_out.words, f"{_day(call.answered_at)} · {call.get_answer_display()}"), "次",
        fact=lambda call: (_day(call.answered_at), f"动员应答：{call.get_answer_display()}"),
    ),
}  # fmt: skip
PARTS = (("履职", POST_ITEMS), ("五长所辖", PLACE_ITEMS), ("双报到和志愿服务", DUTY_ITEMS))


def _members(whose: Whose) -> Any:
    return Membership.objects.filter(unit=whose.unit, until_at=None).values("person")


def _of_volunteers(measure: str, label: str, means: str) -> Item:
    """A figure of volunteering (volunteers/measures.py), of one unit in a period."""
    return Item(
        label,
        f"{means}，按{MEASURES[measure].day}计入",
        lambda whose: whose.given(measure).select_related("counted"),
        lambda tally: Line("", ""),  # as the list behind the figure shows it: `lines`
        MEASURES[measure].unit,
        lambda rows: rows.aggregate(total=Sum("amount"))["total"] or 0,
    )


UNIT_ITEMS: dict[str, Item] = {
    "services": _of_volunteers("served", "服务次数", "本单位的人到场的、已结单的服务"),
    "hours": _of_volunteers("hours", "服务时数", "本单位的人公示期满的小时数，更正已计入"),
    "needs": _of_volunteers("needs", "解决问题", "本单位认领或服务过的一般需求"),
    "urgent-needs": _of_volunteers("urgent_needs", "急难愁盼", "本单位认领或服务过的紧急、特急需求"),
    "reported": Item(
        "双报到党员", "填了本单位、支部已确认的在册报到党员，现有几名",
        lambda whose: DutyReport.objects.filter(unit=whose.unit, grid__in=whose.places, state=DutyReport.State.APPROVED)
        .select_related("grid").order_by("grid__name", "pk"),
        lambda report: Line(report.grid.name, f"{_day(report.reported_at)}报到"), "名",
    ),
    "conferences": Item(
        "参加联席会议", "以本单位受邀、登记为到会的，按开会那天计入",
        lambda whose: Invitation.objects.filter(
            unit=whose.unit, conference__grid__in=whose.places, attended=True, **whose.within("conference__from_at")
        ).select_related("conference__grid").order_by("-conference__from_at"),
        lambda invitation: Line(
            invitation.conference.title, f"{_day(invitation.conference.from_at)} · {invitation.conference.grid.name}"
        ), "次",
    ),
    "calls": Item(
        "应急动员应答", "本单位的人答复过的动员，一人一次，按答复的那天计入",
        lambda whose: Call.objects.filter(person__in=_members(whose), team__grid__in=whose.places, **whose.within("answered_at"))
        .select_related("call_out", "team").order_by("-answered_at"),
        lambda call: Line(
            call.call_out.words, f"{_day(call.answered_at)} · {call.team.name} · {call.get_answer_display()}"
        ), "次",
    ),
}  # fmt: skip


def liaison_of(person: User, *, at: datetime) -> list[int]:
    """Units (their ids) for which somebody in post as 单位联络员 speaks: a post names a community, the unit's own roster says
    whose they are."""
    if not any(post.role == "unit_liaison" for post in posts_of(person, at=at)):
        return []
    return list(Membership.objects.filter(person=person, until_at=None).values_list("unit", flat=True))


def is_over_posts(reader: User, person: User, *, at: datetime) -> bool:
    """Whether the reader supervises from above somewhere this person is in post, in either tree."""
    own = posts_of(reader, at=at)
    for held in Post.objects.held_at(at).filter(person=person, grid__isnull=False).select_related("grid"):
        if any(allows(post, "supervise", held.grid) and post.grid_id != held.grid_id for post in own):
            return True
    areas = TerritoryPost.objects.held_at(at).filter(person=person).select_related("node")
    return any(may(reader, "supervise", post.node.get_root().grid, at=at) for post in areas)


def is_over_duty(reader: User, person: User, *, at: datetime) -> bool:
    """Whether the reader supervises where this person reported (双报到)."""
    reports = DutyReport.objects.filter(person=person, state=DutyReport.State.APPROVED).select_related("grid")
    return any(may(reader, "supervise", report.grid, at=at) for report in reports)


def open_to(reader: User, person: User, *, at: datetime) -> dict[str, Item]:
    """What of this person's sheet the reader may read; nothing for a stranger, all for oneself."""
    is_self = reader.pk == person.pk
    reads_posts = is_self or is_over_posts(reader, person, at=at)
    is_of_five = TerritoryPost.objects.filter(person=person).exists()
    return {
        **(POST_ITEMS if reads_posts else {}),
        **(PLACE_ITEMS if reads_posts and is_of_five else {}),
        **(DUTY_ITEMS if is_self or is_over_duty(reader, person, at=at) else {}),
    }


def parts_of(open_items: dict[str, Item], whose: Whose) -> list[tuple[str, list[Entry]]]:
    """Those parts of a sheet that are open."""
    return [(label, entries(items, whose)) for label, items in PARTS if items.keys() <= open_items.keys()]


def comment_of(person: User, period: Period) -> SheetComment | None:
    return SheetComment.objects.filter(person=person, span=period.code, first=period.first).first()
