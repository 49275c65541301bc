"""One object of each kind for the walk over every door (tests/house/test_permissions.py), all at the case's grid; `owner` is
who was asked, called and certified."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Category
from grids.models import Pairing, UnitKind
from grids.units.services import register_unit
from papers.files import sealed
from tests.support.cast import MONDAY
from volunteers.defaults import load_defaults
from volunteers.models import (
    Brand,
    Certificate,
    CertificateOffice,
    DutyReport,
    HoursEntry,
    Milestone,
    Need,
    Plan,
    PointRule,
    PointsEntry,
    PointsExpiry,
    Project,
    ProjectPhoto,
    Redemption,
    Resource,
    Reward,
    Series,
    ServiceOrder,
    Team,
    TeamMember,
)
from volunteers.services import callouts, doctors, inspections, orders, people

NEXT_CENTURY = date(2100, 1, 1)
"""Of a rule that does not hold yet, so that it may still be changed."""


def service_doors(case: Case, town: Any, owner: User, staff: dict[str, User]) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    load_defaults()
    kind = Category.objects.get(kind="service", name="探访陪伴")
    desk, grid, at = staff["community_worker"], town.grid, timezone.now()
    unit = register_unit(name="县教育局", kind=UnitKind.OFFICE)
    people.register(person=owner, at=at, has_agreed=True, grid=grid)
    team = Team.objects.create(name="支援队", kind="support", grid=grid, founded_at=MONDAY, leader=owner)
    TeamMember.objects.create(team=team, person=owner, from_at=MONDAY)
    days = {"from_date": MONDAY.date(), "until_date": MONDAY.date()}

    def order(**more: Any) -> Case:
        begins = at + timedelta(days=1)
        return orders.open_order(
            title="陪老人取药",
            grid=grid,
            place="3幢",
            category=kind,
            begins_at=begins,
            ends_at=begins + timedelta(hours=2),
            by=desk,
            at=at,
            **more,
        )

    planned, offered, led = order(), order(), order()
    for asked_of in (offered, led):
        orders.offer(case=asked_of, people=[owner], by=desk, at=at)
    ServiceOrder.objects.filter(case=led).update(team=team, leader_asked_at=at)
    project = Project.objects.create(
        name="安心探访", team=team, grid=grid, plan="每周一次", is_public=True, agreed_at=at, **days
    )
    picture = ProjectPhoto(project=project, is_after=False, added_at=at)
    picture.file.save("p.jpg", ContentFile(b"x"))
    works = inspections.start_project(
        name="雨污分流", kind="renovation", plan="铺管", grid=grid, unit=unit, by=desk, at=at, **days
    )
    inspections.open_inspection(project=works, closes_at=at + timedelta(days=1), least=1, by=desk, at=at)
    brand = Brand.objects.create(grid=town.estate, year=2026, name="红茶议事", goals="家家来喝茶")
    need = Need.objects.create(source="visit", grid=grid, title="陪取药", category=kind, noted_by=desk, noted_at=at)
    asked_project = Project.objects.create(name="待答复", team=team, grid=grid, plan="每周一次", state="asked", **days)
    asked_for = order(asker=owner)
    reported_need = Need.objects.create(
        source="request",
        request=asked_for,
        grid=grid,
        title="陪取药",
        category=kind,
        noted_by=desk,
        noted_at=at,
        state="reported",
        reported_at=at,
        reported_by=desk,
    )
    doctor = doctors.ask(by=owner, person=owner, grid=grid, at=at, has_agreed=True)
    plan = Plan.objects.create(name="防汛预案", hazard="flood", grid=grid, words="集合")
    plan.teams.add(team)
    made = callouts.call_out(plan=plan, by=desk, at=at)
    reward = Reward.objects.create(name="雨伞", points=5, stocked=1, grid=grid, place="服务中心")
    redemption = Redemption.objects.create(reward=reward, person=owner, code="123456", redeemed_at=at)
    ledger = {"person": owner, "case": planned, "noted_at": at, "key": "door"}
    PointsEntry.objects.create(
        **{**ledger, "key": f"redeem:{redemption.pk}"}, points=-5, words="兑换", redemption=redemption
    )
    hours = HoursEntry.objects.create(hours=2, counts_at=at, **ledger)
    proof = Certificate(code="ZM-2222-2222", person=owner, hours=2, issued_at=at, sha256="0", **days)
    proof.file.save("p", sealed(b"%PDF"))
    waiting = DutyReport.objects.create(person=owner, grid=grid, reported_at=at)
    reported = DutyReport.objects.create(
        person=desk, grid=grid, reported_at=at, state="approved", decided_at=at, decided_by=staff["street_cadre"]
    )
    resource = {"name": "课堂", "kind": "place", "category": kind, "team": team, "grid": grid}
    series = Series.objects.create(
        title="每周探访",
        category=kind,
        grid=grid,
        place="3幢",
        wanted=1,
        every_days=7,
        minutes=60,
        next_at=at,
        opened_by=desk,
    )
    by_key = {name: {"key": project.key} for name in ("project-desk", "project-publish", "project")}
    by_key |= {name: {"key": need.key} for name in ("need", "need-end", "need-adopt")}
    by_key |= {name: {"key": made.key} for name in ("board", "call-out-end", "my-call")}
    by_key |= {name: {"key": works.key} for name in ("inspection", "project-inspect")}
    asked = {"number": offered.number}
    by_key |= {name: asked for name in ("order", "accept", "decline", "check-in", "check-out")}
    doors = {
        **by_key,
        "project-adopter": {"key": asked_project.key},
        "need-word": {"key": reported_need.key},
        "doctor-signing": {"key": doctor.need.key},
        "offer": {"number": planned.number},
        "nominate": {"number": led.number, "person_id": owner.pk},
        "certificate": {"code": "ZM-2222-2222"},
        "redeem": {"reward_id": reward.pk},
        "give-back": {"redemption_id": redemption.pk},
        "team-join": {"team_id": team.pk},
        "team-leave": {"team_id": team.pk},
        "duty-refuse": {"report_id": waiting.pk},
        "duty-note": {"report_id": reported.pk},
        "series-helpers": {"series_id": series.pk},
        "series-end": {"series_id": series.pk},
        "list-export": {"which": "needs"},
        "need-convert": {"number": case.number},
        "milestone-reach": {
            "key": project.key,
            "milestone_id": Milestone.objects.create(project=project, words="启动", due_date=MONDAY.date()).pk,
        },
        "call-out": {"plan_id": plan.pk},
        "call-team": {"key": made.key, "team_id": team.pk},
        "call": {"token": callouts.answer_path(made, owner.pk).split("/")[2]},
        "brand": {"brand_id": brand.pk},
        "project-photo": {"key": project.key, "photo_id": picture.pk},
    }
    return {
        **{f"volunteers:{name}": arguments for name, arguments in doors.items()},
        **{
            f"api:{name}": doors[page]
            for name, page in {
                "service-nominate": "nominate",
                "reward-redeem": "redeem",
                "redemption-give-back": "give-back",
                "certificate": "certificate",
                "team-join": "team-join",
                "team-leave": "team-leave",
                "duty-refuse": "duty-refuse",
                "duty-note": "duty-note",
                "doctor-end": "doctor-signing",
                "need": "need",
                "need-word": "need-word",
                "project": "project",
                "project-inspect": "project-inspect",
                "project-adopter": "project-adopter",
                "project-answer": "project-adopter",
                "project-photos": "project-adopter",
                "project-finish": "project-adopter",
            }.items()
        },
        **{f"api:service{act}": asked for act in ("", "-answer", "-check-in", "-check-out")},
        "api:call-answer": {"key": made.key},
        "grids_unit": unit.pk,
        "grids_pairing": Pairing.objects.create(unit=unit, grid=grid, from_at=at).pk,
        "volunteers_volunteer": owner.pk,
        "volunteers_hoursentry": hours.pk,
        "volunteers_pointsentry": PointsEntry.objects.create(points=5, words="服务", **ledger).pk,
        "volunteers_redemption": redemption.pk,
        "volunteers_team": team.pk,
        "volunteers_resource": Resource.objects.create(from_date=MONDAY.date(), **resource).pk,
        "volunteers_series": series.pk,
        "volunteers_reward": reward.pk,
        "volunteers_plan": plan.pk,
        "volunteers_certificateoffice": CertificateOffice.objects.create(
            grid=grid, name="居委会", head="陈", clerk="林", contact="0599"
        ).pk,
        "volunteers_pointsexpiry": PointsExpiry.objects.create(from_date=NEXT_CENTURY).pk,
        "volunteers_brand": brand.pk,
        "volunteers_pointrule": PointRule.objects.create(what="service", points=9, from_date=NEXT_CENTURY).pk,
    }
