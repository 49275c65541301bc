"""Loads what volunteers/dispatch/matching.py weighs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cases.models import Category
from grids.models import Grid
from volunteers.dispatch.matching import Candidate, Node, Proposal, Wish, nearest_labels, propose
from volunteers.models import Call, Need, Offer, Project, Resource, Series, ServiceOrder, TeamMember, Volunteer
from volunteers.models.querysets import VolunteerQuerySet
from volunteers.models.words import free_time_at

COMING = {Call.Answer.HERE.value: 2, Call.Answer.YES.value: 1}
RUNNING = Q(person__service_offers__state=Offer.State.ACCEPTED, person__service_offers__left_at=None) & Q(
    person__service_offers__order__case__closed_at=None
)


def for_order(order: ServiceOrder) -> list[Proposal]:
    """Volunteers of the street who were not asked yet, best first."""
    asker = order.case.seats.filter(role="asker").values("person")
    near = _near(order.case.grid).exclude(person__service_offers__order=order).exclude(person__in=asker)
    answers = dict(Call.objects.filter(call_out=order.call_out_id).values_list("person", "answer"))
    return _proposed(near, order, order.case.grid, order.case.category, order.begins_at, order.ends_at, answers)


def for_series(series: Series) -> list[Proposal]:
    """Who could come every time, judged by the next one."""
    near = _near(series.grid).exclude(person=series.asker_id)
    ends = series.next_at + timedelta(minutes=series.minutes)
    return _proposed(near, series, series.grid, series.category, series.next_at, ends)


def _proposed(
    volunteers: VolunteerQuerySet,
    service: ServiceOrder | Series,
    grid: Grid,
    category: Category | None,
    begins_at: datetime,
    ends_at: datetime,
    answers: Mapping[int, str] | None = None,
) -> list[Proposal]:
    """`answers`: what people said to the call-out that a task is of."""
    begins = timezone.localtime(begins_at)
    wish = _wish(
        grid,
        category.path if category else "",
        free_time=free_time_at(begins.hour, begins.weekday()),
        is_guarded=service.is_guarded,
    )
    team = set(TeamMember.objects.filter(team=service.team_id, until_at=None).values_list("person", flat=True))
    elsewhere = set(_taken_meanwhile(begins_at, ends_at).values_list("person", flat=True))
    return propose(
        wish,
        [
            Candidate(
                key=volunteer.pk,
                label=_label(volunteer),
                skills=tuple(skill.path for skill in volunteer.skills.all()),
                home=_node(volunteer.grid),
                free_times=tuple(volunteer.free_times),
                load=volunteer.in_hand,
                is_checked=volunteer.is_checked(begins.date()),
                is_in_team=volunteer.pk in team,
                is_elsewhere=volunteer.pk in elsewhere,
                coming=COMING.get((answers or {}).get(volunteer.pk, ""), 0),
            )
            for volunteer in volunteers
        ],
    )


def _taken_meanwhile(begins_at: datetime, ends_at: datetime) -> QuerySet[Offer]:
    """What people have accepted for a time that overlaps."""
    taken = Offer.objects.filter(state=Offer.State.ACCEPTED, left_at=None, order__case__closed_at=None)
    return taken.filter(order__begins_at__lt=ends_at, order__ends_at__gt=begins_at)


def _near(grid: Grid) -> VolunteerQuerySet:
    """Active volunteers of the same street, or of nowhere in particular."""
    active = Volunteer.objects.active().filter(Q(grid__tree_id=grid.tree_id) | Q(grid=None))
    near: VolunteerQuerySet = (
        active.annotate(in_hand=Count("person__service_offers", filter=RUNNING))
        .select_related("person", "grid")
        .prefetch_related("skills")
    )
    return near


def for_need(need: Need, *, at: datetime) -> list[Proposal]:
    """Resources of the street that may be had today, best first."""
    day = timezone.localdate(at)
    resources = Resource.objects.filter(grid__tree_id=need.grid.tree_id, from_date__lte=day)
    resources = resources.filter(Q(until_date=None) | Q(until_date__gte=day)).annotate(
        in_hand=Count("projects", filter=Q(projects__state=Project.State.RUNNING))
    )
    return propose(
        _wish(need.grid, need.category.path),
        [
            Candidate(
                key=resource.pk,
                label=f"{resource.name}（{resource.provider}）",
                skills=(resource.category.path,),
                home=_node(resource.grid),
                free_times=tuple(resource.free_times),
                load=resource.in_hand,
            )
            for resource in resources.select_related("category", "unit", "team", "grid")
        ],
    )


def _label(volunteer: Volunteer) -> str:
    """By name; who does not look at messages is to be called."""
    called = volunteer.reach == Volunteer.Reach.CALL
    return f"{volunteer.person.name}（请打电话告知）" if called else volunteer.person.name


def _wish(grid: Grid, category: str, *, free_time: str = "", is_guarded: bool = False) -> Wish:
    upward = list(Grid.objects.upward_from(grid))
    return Wish(
        category=category,
        upward=tuple(Node(node.tree_id, node.lft, node.rght) for node in upward),
        labels=nearest_labels([node.level for node in upward]),
        free_time=free_time,
        is_guarded=is_guarded,
    )


def _node(grid: Grid | None) -> Node | None:
    return Node(grid.tree_id, grid.lft, grid.rght) if grid else None
