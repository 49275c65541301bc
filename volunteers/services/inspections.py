"""Renovations and what else is built for residents: begun, inspected by them, accepted. What they find wrong is a task of
the engine, with a holder and a limit, and nothing is accepted while one is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from accounts.models import User
from cases.attachments.photos import SentPhoto
from cases.engine.turns import Given
from cases.models import Case
from cases.task import raise_task
from grids.models import Building, Grid, Level, Post, Unit
from grids.rights.jurisdiction import may
from notices.services import News, notify
from volunteers.models import Finding, Inspection, Project
from volunteers.services.adoption import speakers
from volunteers.services.lists import accept_inspected, check_begun
from web.text import shorten, tidy

State, Kind = Project.State, Project.Kind
MAX_WORDS = 500


def start_project(
    *,
    name: str,
    kind: str,
    plan: str,
    grid: Grid,
    unit: Unit,
    from_date: date,
    until_date: date,
    by: User,
    at: datetime,
    budget_note: str = "",
) -> Project:
    """A project that is built for residents, public from its first day. Works are ordered, not taken on: `unit` answers
    for them, and its 联络员 hear that it is named.

    Raises ValidationError at the field: not one's area, no name, no plan, dates turned, or a kind without inspection."""
    if not may(by, "dispatch", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    if kind not in Kind.values or kind == Kind.NEIGHBOUR:
        raise ValidationError({"kind": "邻里项目请从需求清单认领。"})
    if not tidy(name):
        raise ValidationError({"name": "请给项目起个名字。"})
    if not tidy(plan):
        raise ValidationError({"plan": "请写几句怎么做。"})
    if until_date < from_date:
        raise ValidationError({"until_date": "计划完成日期要在开始之后。"})
    with transaction.atomic():
        project = Project.objects.create(
            name=tidy(name)[:60],
            kind=kind,
            plan=tidy(plan),
            grid=grid,
            unit=unit,
            from_date=from_date,
            until_date=until_date,
            budget_note=tidy(budget_note)[:200],
            is_public=True,
        )
        told = News(
            kind="project.listed",
            people=speakers(unit=unit, team=None, at=at),
            path=f"/projects/{project.key}/",
            cause=f"project:{project.pk}",
            at=at,
            facts={"name": project.name, "unit": unit.name},
        )
        notify(told)
    return project


def open_inspection(*, project: Project, closes_at: datetime, least: int, by: User, at: datetime) -> Inspection:
    """请居民验收: until when, by how many households at least. Called again while it runs, it goes on until then. Grid
    leaders of the place are told, so that they tell their doors.

    Raises ValidationError at `closes_at` or `least`, or: not one's area, needs none, not begun, ended."""
    if not may(by, "dispatch", project.grid, at=at):
        raise ValidationError("这个项目不在您的辖区。")
    if not project.is_inspected:
        raise ValidationError("邻里项目不用居民验收，写明成果即可完成。")
    if closes_at <= at:
        raise ValidationError({"closes_at": "截止时间要在现在之后。"})
    if least < 1:
        raise ValidationError({"least": "至少要有 1 户验收。"})
    check_begun(project, localdate(at))
    with transaction.atomic():
        locked = _lock(project)
        if locked.ended_at is not None:
            raise ValidationError("这个项目已经结束。")
        inspection, is_new = Inspection.objects.update_or_create(
            project=locked,
            defaults={"closes_at": closes_at, "least": least},
            create_defaults={"closes_at": closes_at, "least": least, "opened_at": at, "opened_by": by},
        )
        locked.state = State.INSPECTING
        locked.save(update_fields=["state"])
        if is_new:
            _tell_grid_leaders(locked, at)
    return inspection


def _lock(project: Project) -> Project:
    locked: Project = Project.objects.select_for_update(no_key=True, of=("self",)).get(pk=project.pk)
    return locked


def _tell_grid_leaders(project: Project, at: datetime) -> None:
    area = Grid.objects.in_area([project.grid]).current().filter(level=Level.HOUSEHOLD)
    posts = Post.objects.held_at(at).filter(role="grid_leader", grid__in=area.order_by()).select_related("person")
    told = News(
        kind="project.to_inspect",
        people={post.person_id: post.person for post in posts}.values(),
        at=at,
        path=f"/projects/{project.key}/",
        cause=f"project:{project.pk}",
        facts={"name": project.name},
    )
    notify(told)


def inspect(
    *,
    project: Project,
    person: User,
    building: Building,
    is_fine: bool,
    at: datetime,
    words: str = "",
    photos: Sequence[SentPhoto] = (),
) -> Finding:
    """One resident's word, once. What is not fine becomes a task at the desk of the building's place; who said it hears
    how it goes and confirms it.

    Raises ValidationError at the field: another place's building, no words for what is wrong; or: not open, said before,
    or somebody who handles the project."""
    words = tidy(words)
    if not project.grid.covers(building.answering_grid):
        raise ValidationError({"building": f"{building.label}不在{project.grid.name}，请住在这里的人来验收。"})
    if not is_fine and not words:
        raise ValidationError({"words": "请写几句哪里不好，我们好去整改。"})
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": f"最多 {MAX_WORDS} 字，您写了 {len(words)} 字，请精简一些。"})
    if may(person, "dispatch", project.grid, at=at):
        raise ValidationError("您是办理这个项目的人员，请居民来验收。")
    try:
        with transaction.atomic():
            inspection = _running(_lock(project), at)
            task = None if is_fine else _task(project, building, person, words, photos, at)
            return Finding.objects.create(
                inspection=inspection,
                person=person,
                building=building,
                is_fine=is_fine,
                words=words,
                said_at=at,
                task=task,
            )
    except IntegrityError:
        raise ValidationError("您已经验收过了，谢谢。") from None


def _running(project: Project, at: datetime) -> Inspection:
    inspection = Inspection.objects.filter(project=project, accepted_at=None).first()
    if inspection is None:
        raise ValidationError("这个项目现在不在验收。")
    if inspection.closes_at <= at:
        raise ValidationError("验收时间已经过了。有问题请点“我要反映”。")
    return inspection


def _task(
    project: Project, building: Building, person: User, words: str, photos: Sequence[SentPhoto], at: datetime
) -> Case:
    place = f"{building.estate.name} {building.label}"
    title = f"验收整改：{project.name}，{shorten(words, 30)}"
    return raise_task(
        title=title, grid=building.answering_grid, place=place, asker=person, given=Given(words, photos), at=at
    )


@dataclass(frozen=True)
class Tally:
    """How an inspection stands; each number is that of its findings."""

    seen: int
    fine: int
    faults: int
    open_faults: int


def tally(inspection: Inspection) -> Tally:
    counted = inspection.findings.aggregate(
        seen=Count("pk"),
        fine=Count("pk", filter=Q(is_fine=True)),
        faults=Count("pk", filter=Q(is_fine=False)),
        open_faults=Count("pk", filter=Q(task__closed_at=None, is_fine=False)),
    )
    return Tally(**counted)


def accept(*, project: Project, by: User, at: datetime, result: str) -> None:
    """验收通过: after enough households have looked, the time is over, and every fault they found is dealt with.

    Raises ValidationError: never inspected, still running, too few, faults open; at `result`; or ended before."""
    with transaction.atomic():
        locked = _lock(project)
        inspection = Inspection.objects.filter(project=locked).first()
        if inspection is None:
            raise ValidationError("还没有请居民验收，不能确认完成。")
        if inspection.closes_at > at:
            raise ValidationError("居民还在验收，等截止以后再确认。")
        counts = tally(inspection)
        if counts.seen < inspection.least:
            raise ValidationError(
                f"只有 {counts.seen} 户验收，至少要 {inspection.least} 户。请延长验收时间，请更多居民来看。"
            )
        if counts.open_faults:
            raise ValidationError(f"居民发现的问题还有 {counts.open_faults} 个没有办结，整改好再确认。")
        accept_inspected(project=locked, by=by, at=at, result=result)
        Inspection.objects.filter(pk=inspection.pk).update(accepted_at=at, accepted_by=by)
