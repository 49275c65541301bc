"""三张清单: needs noted, ended one way or another; projects that were taken on (services/adoption.py), to their end."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.engine.turns import Given, Turn, in_turn
from cases.models import Case, Category, Urgency
from grids.models import Grid
from grids.rights.jurisdiction import may
from photos.cleaning import Photo
from photos.storing import store
from volunteers.models import Milestone, Need, Project, ProjectPhoto
from volunteers.services import adoption, solving
from web.text import shorten, tidy

State = Need.State


def note_need(
    *,
    title: str,
    grid: Grid,
    category: Category,
    source: str,
    by: User,
    at: datetime,
    people_count: int = 1,
    urgency: str = Urgency.NORMAL,
) -> Need:
    """A need a grid leader met on a visit, or a community plans for. Raises ValidationError: not one's area, no words."""
    if not may(by, "see", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    if not tidy(title):
        raise ValidationError({"title": "请写明需要什么。"})
    return Need.objects.create(
        title=shorten(tidy(title), 80),
        grid=grid,
        category=category,
        source=source,
        people_count=people_count,
        urgency=urgency,
        noted_by=by,
        noted_at=at,
    )


BECOME_NEEDS = {"request": Need.Source.REQUEST, "topic": Need.Source.PLAN}
"""Kinds of case whose matter may go on the list, and what it says it came from."""


def may_become_need(case: Case) -> bool:
    """An open request, or what neighbours have decided together (a topic from its decision on)."""
    return case.is_open and case.kind in BECOME_NEEDS and (case.kind == "request" or case.finished_at is not None)


@in_turn
def need_from_case(turn: Turn, category: Category, people_count: int = 1) -> Need:
    """What helping hands can meet, and a unit or team may take on as a project. The case stays open with its holder, and
    its story says where it went.

    Raises ValidationError: nothing of the kind, on the list already; ArrowRefused for a stranger to it."""
    case, by = turn.case, turn.person
    if not may_become_need(case):
        raise ValidationError("只有办理中的诉求和已经定下来的议题可以列入需求清单。")
    if Need.objects.filter(request=case).exists():
        raise ValidationError("这件事已经在需求清单里。")
    turn.draw("note", Given("已列入志愿服务需求清单，找到合适的人就来帮忙。"))
    return Need.objects.create(
        source=BECOME_NEEDS[case.kind],
        request=case,
        title=case.title,
        grid=case.grid,
        category=category,
        urgency=case.urgency,
        people_count=people_count,
        noted_by=by,
        noted_at=turn.at,
    )


def end_need(*, need: Need, state: str, by: User, at: datetime, reason: str = "", became: Case | None = None) -> None:
    """Every need ends: 已解决 (services/solving.py: with evidence and the word of who benefits or verifies), 转诉求 (which one),
    无法满足 (why). Raises ValidationError at what is missing."""
    reason = tidy(reason)
    if not may(by, "dispatch", need.grid, at=at):
        raise ValidationError("这条需求不在您的辖区。")
    if state == State.SOLVED:
        solving.report(need=need, by=by, at=at)
        return
    if state == State.UNMET and not reason:
        raise ValidationError({"reason": "请写明为什么无法满足，提出的人会问。"})
    if state == State.REQUESTED and became is None:
        raise ValidationError({"became": "请填写转成的诉求编号。"})
    if state not in {State.REQUESTED, State.UNMET}:
        raise ValidationError({"state": "请选择办结方式。"})
    ended = Need.objects.filter(pk=need.pk, ended_at=None)
    if not ended.update(state=state, ended_at=at, ended_by=by, reason=reason[:200], became=became):
        raise ValidationError("这条需求已经办结。")


def plan_milestone(*, project: Project, words: str, due_date: date, budget_note: str = "") -> Milestone:
    """Raises ValidationError at `words` or `due_date`."""
    if not tidy(words):
        raise ValidationError({"words": "请写明节点。"})
    if not project.from_date <= due_date <= project.until_date:
        raise ValidationError({"due_date": "节点要在项目的起止日期之内。"})
    return Milestone.objects.create(
        project=project, words=tidy(words)[:100], due_date=due_date, budget_note=tidy(budget_note)[:100]
    )


def reach(*, milestone: Milestone, on: date) -> None:
    """Raises ValidationError when it was reached before, or the project has not begun by then."""
    check_begun(milestone.project, on)
    if not Milestone.objects.filter(pk=milestone.pk, reached_date=None).update(reached_date=on):
        raise ValidationError("这个节点已经完成。")


def check_begun(project: Project, on: date) -> None:
    """Raises ValidationError: not taken on yet, or it begins later."""
    if not project.is_taken_on:
        raise ValidationError(f"{project.adopter}还没有答应认领，项目还没有开始。")
    if on < project.from_date:
        raise ValidationError(f"项目 {project.from_date:%Y年%-m月%-d日} 才开始。")


def add_photos(*, project: Project, photos: Sequence[Photo], is_after: bool, at: datetime) -> None:
    """Raises ValidationError at `photos` when they cannot be stored; then none of them is."""
    names = store((photo.as_file() for photo in photos), needed=True)
    ProjectPhoto.objects.bulk_create(
        ProjectPhoto(project=project, is_after=is_after, added_at=at, file=name) for name in names
    )


def finish_project(*, project: Project, by: User, at: datetime, result: str) -> None:
    """完成 of what needs no inspection by residents (services/inspections.py accepts the others), by the desk or whoever
    speaks for the unit or team. Its open needs are reported as solved, each for the word of who benefits.

    Raises ValidationError at `result`, or: not theirs, not taken on, not begun, nothing to show for it, ended before."""
    if project.is_inspected:
        raise ValidationError(f"{project.get_kind_display()}要先请居民验收，再确认完成。")
    if not may(by, "dispatch", project.grid, at=at) and not adoption.speaks_for(by, project, at=at):
        raise ValidationError("这个项目不在您的辖区。")
    check_begun(project, timezone.localdate(at))
    if not solving.has_evidence(project):
        raise ValidationError("还没有凭据：请先上传完成后的照片、登记完成的节点，或办好一次对接的服务。")
    with transaction.atomic():
        _end_as_finished(project, at, result)
        for need in project.needs.filter(ended_at=None).exclude(state=State.REPORTED).order_by("pk"):
            solving.report(need=need, by=by, at=at)


def accept_inspected(*, project: Project, by: User, at: datetime, result: str) -> None:
    """The project ends well, as the residents who inspected it say; its needs that are still open are solved with it."""
    if not may(by, "dispatch", project.grid, at=at):
        raise ValidationError("这个项目不在您的辖区。")
    with transaction.atomic():
        _end_as_finished(project, at, result)
        open_needs = project.needs.filter(ended_at=None)
        open_needs.update(state=State.SOLVED, ended_at=at, ended_by=by, word=Need.Word.BENEFICIARY)


def _end_as_finished(project: Project, at: datetime, result: str) -> None:
    if not tidy(result):
        raise ValidationError({"result": "请写明成果。"})
    running = Project.objects.filter(pk=project.pk, ended_at=None)
    if not running.update(state=Project.State.FINISHED, result=tidy(result)[:300], ended_at=at):
        raise ValidationError("这个项目已经结束。")


def publish(*, project: Project, is_public: bool) -> None:
    """Whether residents see it: the plan, the milestones, the photos; never who asked. Raises ValidationError before it is
    taken on."""
    if not project.is_taken_on:
        raise ValidationError(f"{project.adopter}还没有答应认领，先不公开。")
    Project.objects.filter(pk=project.pk).update(is_public=is_public)
