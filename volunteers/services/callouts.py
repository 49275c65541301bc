"""应急动员: one act calls a plan's teams out; answers come by one tap, signed in or by a link of one's own.

The rows of the call are the truth; notices are queued with them in one transaction, thousands in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse

from accounts.models import User
from cases.categories import paths as categories
from cases.models import Case, Urgency
from grids.models import Grid, Level
from grids.rights.jurisdiction import may
from notices.services import News, notify
from volunteers.dispatch import safety
from volunteers.models import Call, CallOut, Plan, Team, TeamMember
from volunteers.services import orders
from web.text import tidy

BATCH = 2000
RUNNING = "“{}”正在动员中，先解除再发。"
CATEGORY = "应急支援"
Answer = Call.Answer
_signer = Signer(salt="volunteers.call")


def answer_path(call_out: CallOut, person_id: int) -> str:
    """The link that answers for one member without signing in: nobody can guess another's."""
    return reverse("volunteers:call", args=[_signer.sign_object([call_out.pk, person_id], compress=False)])


def call_of(token: str) -> Call:
    """Raises Http404 for a wrong link and for no such call alike."""
    try:
        call_out, person = _signer.unsign_object(token)
    except (BadSignature, ValueError) as wrong:
        raise Http404 from wrong
    calls = Call.objects.filter(call_out=call_out, person=person)
    call = calls.select_related("call_out__plan", "person", "team").first()
    if call is None:
        raise Http404
    return call


def call_out(*, plan: Plan, by: User, at: datetime, words: str = "", is_drill: bool = False) -> CallOut:
    """发出动员: every member of the plan's teams is called, the plan's tasks are opened as services. A drill says so wherever it
    is read, and is counted apart.

    Raises ValidationError as `reach_of` does."""
    reach_of(plan=plan, by=by, at=at)
    try:
        with transaction.atomic():
            made = CallOut.objects.create(
                plan=plan,
                words=(tidy(words) or plan.words)[:200],
                is_drill=is_drill,
                called_at=at,
                called_by=by,
                climb_at=at + timedelta(minutes=plan.climb_minutes),
            )
            _call_members(made, at)
            _open_tasks(made, by, at)
    except IntegrityError:
        raise ValidationError(RUNNING.format(plan.name)) from None
    return made


@dataclass(frozen=True)
class Reach:
    """Whom a call-out will reach."""

    people: int
    teams: int
    left_out: int
    """Minors of these teams without a guardian: they are not called."""


def reach_of(*, plan: Plan, by: User, at: datetime) -> Reach:
    """Whom it would reach now: told before it goes.

    Raises ValidationError: not one's area, switched off, running already (twice is once), or nobody to call."""
    if not may(by, "dispatch", plan.grid, at=at):
        raise ValidationError("这个预案不在您的辖区。")
    if not plan.is_active:
        raise ValidationError("这个预案已停用。")
    if CallOut.objects.filter(plan=plan, ended_at=None).exists():
        raise ValidationError(RUNNING.format(plan.name))
    teams, left_out = _members(plan, at)
    if not teams:
        raise ValidationError("预案里的队伍还没有队员。")
    return Reach(len(teams), len(set(teams.values())), left_out)


def _members(plan: Plan, at: datetime) -> tuple[dict[int, int], int]:
    """(person -> team, each once whatever teams they are in; how many minors are left out). Whose day of birth is not known
    is of age: their rows are not even read."""
    members = TeamMember.objects.filter(team__in=plan.teams.filter(ended_at=None), until_at=None)
    teams = dict(members.filter(person__is_active=True).order_by("-pk").values_list("person", "team"))
    born = User.objects.filter(pk__in=teams, birth_date__isnull=False)
    unguarded = [person.pk for person in born if safety.without_guardian(person, at)]
    for person in unguarded:
        del teams[person]
    return teams, len(unguarded)


def _call_members(made: CallOut, at: datetime) -> None:
    """One notice each, with a link of their own."""
    teams, _ = _members(made.plan, at)
    Call.objects.bulk_create((Call(call_out=made, person_id=who, team_id=team) for who, team in teams.items()), BATCH)
    told = News(
        kind="callout.drill" if made.is_drill else "callout.called",
        # The id is all a notice needs of a person: thousands of phones stay encrypted where they are.
        people=User.objects.filter(pk__in=teams).only("pk"),
        path=lambda person: answer_path(made, person.pk),
        cause=f"call-out:{made.pk}",
        at=at,
        facts={"label": made.label, "words": made.words.rstrip("。")},
    )
    notify(told)


def _open_tasks(made: CallOut, by: User, at: datetime) -> None:
    category = categories.in_use(kind="service").get(CATEGORY)
    if category is None:
        raise ValidationError(f"服务分类“{CATEGORY}”已停用，请先恢复，或写明由哪一类代替。")
    for task in made.plan.tasks.select_related("grid").order_by("pk"):
        begins = at + timedelta(minutes=1)
        orders.open_order(
            title=f"{made.label if made.is_drill else ''}{task.title}",
            grid=task.grid,
            place=task.grid.name,
            category=category,
            begins_at=begins,
            ends_at=begins + timedelta(hours=task.hours),
            by=by,
            at=at,
            wanted=task.wanted,
            urgency=Urgency.NORMAL if made.is_drill else Urgency.CRITICAL,
            call_out=made,
        )


def answer(*, call: Call, reply: str, at: datetime) -> None:
    """能到, 不能 or 已到; the last word counts, and the same one twice is once. One statement: thousands come at once.

    Raises ValidationError: no such answer, a minor who would come without a guardian, or the call-out is over."""
    if reply not in {Answer.YES, Answer.NO, Answer.HERE}:
        raise ValidationError("请选“能到”“不能”或“已到”。")
    if reply != Answer.NO and (why := safety.without_guardian(call.person, at)):
        raise ValidationError(f"您{why}")
    running = Call.objects.filter(pk=call.pk, call_out__ended_at=None)
    if not running.update(answer=reply, answered_at=at):
        raise ValidationError("这次动员已经解除，谢谢您。")


def climb_due(*, at: datetime) -> int:
    """Who has not answered in time is told to the leaders of their teams, once, and to whoever called where there is no
    leader; returns how many leaders were told."""
    told = 0
    due = CallOut.objects.filter(ended_at=None, climbed_at=None, climb_at__lte=at).order_by("pk")
    for key in due.values_list("pk", flat=True):
        with transaction.atomic():
            made = due.filter(pk=key).select_for_update(no_key=True, skip_locked=True).first()
            if made is not None:
                told += _tell_leaders(made, at)
                CallOut.objects.filter(pk=key).update(climbed_at=at)
    return told


def _tell_leaders(made: CallOut, at: datetime) -> int:
    silent = made.calls.filter(answer=Answer.NONE).values_list("team").annotate(count=Count("pk")).order_by()
    counts = dict(silent)
    teams = Team.objects.filter(pk__in=counts, leader__isnull=False).select_related("leader").order_by("pk")
    cause = f"call-out:{made.pk}"
    told = [
        News(
            kind="callout.silent",
            people=[team.leader] if team.leader else [],
            cause=cause,
            key=str(team.pk),
            at=at,
            path=reverse("volunteers:call-team", args=[made.key, team.pk]),
            facts={"label": made.label, "team": team.name, "silent": counts[team.pk]},
        )
        for team in teams
    ]
    leaderless = sum(counts.values()) - sum(counts[team.pk] for team in teams)
    if leaderless:
        told.append(
            News(
                kind="callout.leaderless",
                people=[made.called_by],
                cause=cause,
                at=at,
                path=reverse("volunteers:board", args=[made.key]),
                facts={"label": made.label, "silent": leaderless},
            )
        )
    notify(*told)
    return len(teams)


@dataclass(frozen=True)
class Row:
    """One line of the board."""

    label: str
    called: int
    yes: int
    no: int
    here: int
    open_tasks: int

    @property
    def silent(self) -> int:
        return self.called - self.yes - self.no - self.here


def board(made: CallOut) -> list[Row]:
    """Per community of the teams called: who was called, who answered what, which tasks are open; the whole last.

    Three queries, whatever the number of members."""
    counted = made.calls.values_list("team__grid").annotate(
        called=Count("pk"),
        yes=Count("pk", filter=Q(answer=Answer.YES)),
        no=Count("pk", filter=Q(answer=Answer.NO)),
        here=Count("pk", filter=Q(answer=Answer.HERE)),
    )
    by_grid = {grid: numbers for grid, *numbers in counted.order_by()}
    open_tasks = Case.objects.open().filter(service__call_out=made).values_list("grid").annotate(n=Count("pk"))
    tasks = dict(open_tasks.order_by())
    home = _communities([*by_grid, *tasks])
    totals: dict[str, list[int]] = {}
    for grid, numbers in by_grid.items():
        line = totals.setdefault(home[grid], [0, 0, 0, 0, 0])
        for place, number in enumerate(numbers):
            line[place] += number
    for grid, count in tasks.items():
        totals.setdefault(home[grid], [0, 0, 0, 0, 0])[4] += count
    rows = [Row(label, *line) for label, line in sorted(totals.items())]
    return [*rows, Row("合计", *(sum(column) for column in zip(*totals.values(), strict=True)))]


def _communities(ids: Sequence[int]) -> dict[int, str]:
    """The name of each node's community; its own for nodes above one. One query."""
    nodes = {node.pk: node for node in Grid.objects.filter(pk__in=ids)}
    trees = {node.tree_id for node in nodes.values()}
    communities = list(Grid.objects.filter(tree_id__in=trees, level=Level.COMMUNITY))
    return {
        key: next((community.name for community in communities if community.covers(node)), node.name)
        for key, node in nodes.items()
    }


def end(*, made: CallOut, by: User, at: datetime, words: str) -> None:
    """解除, with a report: what staff say, and the board as it stood.

    Raises ValidationError: not one's area, no words, or ended before."""
    words = tidy(words)
    if not words:
        raise ValidationError({"words": "请写几句总结。"})
    if not may(by, "dispatch", made.plan.grid, at=at):
        raise ValidationError("这次动员不在您的辖区。")
    with transaction.atomic():
        lines = [
            f"{row.label}：通知 {row.called}，能到 {row.yes}，不能 {row.no}，已到 {row.here}，未应 {row.silent}，"
            f"未完任务 {row.open_tasks}"
            for row in board(made)
        ]
        running = CallOut.objects.filter(pk=made.pk, ended_at=None)
        if not running.update(ended_at=at, ended_by=by, report="\n".join([words, *lines])):
            raise ValidationError("这次动员已经解除。")
