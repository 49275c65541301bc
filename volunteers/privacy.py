"""What this room holds about people: what they told as volunteers, what they were asked and gave, where they reported,
what was done for them. Registered when the app is ready.

Forgetting a person empties what they told us and ends what runs. Entries of both ledgers stay as they are, under an
account that names nobody, so that every sum and figure stays what it was."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blank, blanked, blanked_after, rows_of, together
from cases.engine.turns import Given
from cases.privacy import FORGOTTEN, asked_by
from volunteers.models import (
    Call,
    Certificate,
    DoctorSigning,
    DutyEntry,
    DutyReport,
    Finding,
    HoursEntry,
    Membership,
    Need,
    Offer,
    PointsEntry,
    Redemption,
    Series,
    ServiceOrder,
    Team,
    TeamMember,
    Volunteer,
)
from volunteers.models.words import FREE_TIMES
from volunteers.services import doctors, duty, orders, points

State = Offer.State
NO_WORDS = {"words": "", "address_note": ""}
NO_FINDING: dict[str, Any] = {"words": "", "building": None}
NO_SIGNER: dict[str, Any] = {"person": None, "name": "", "phone": "", "end_reason": FORGOTTEN}


def _skills(volunteer: Volunteer) -> str:
    return "、".join(volunteer.skills.order_by("path").values_list("name", flat=True))


def _free_times(volunteer: Volunteer) -> str:
    return "、".join(FREE_TIMES[code] for code in volunteer.free_times)


def _duties(report: DutyReport) -> str:
    return "；".join(f"{entry.date} {entry.words}" for entry in report.entries.order_by("date"))


def _called_to(call: Call) -> str:
    return f"{call.call_out.label}{call.call_out.plan.name}"


def _terms(signing: DoctorSigning) -> str:
    return "；".join(f"{term.doctor} {term.from_date} 至 {term.until_date}" for term in signing.terms.order_by("pk"))


def _orders(person: User) -> QuerySet[ServiceOrder]:
    return ServiceOrder.objects.filter(case__in=asked_by(person))


def _is_at_work(person: User) -> str:
    at_work = Offer.objects.filter(person=person, state=State.ACCEPTED, arrived_at__isnull=False, left_at=None)
    return "您正在服务中，签退以后再注销。" if at_work.filter(order__case__closed_at=None).exists() else ""


def _erase_volunteer(person: User, at: datetime) -> None:
    """Out of every offer and promise by the services, so that the next one is asked; then what they told us goes."""
    running = Offer.objects.filter(person=person, state__in=(State.OFFERED, State.ACCEPTED), arrived_at=None)
    for offer in running.filter(order__case__closed_at=None).select_related("order__case").order_by("order"):
        _leave_order(offer, person, at)
    Volunteer.objects.filter(person=person, left_at=None).update(left_at=at)
    _forget_told(Volunteer.objects.filter(person=person))


def _leave_order(offer: Offer, person: User, at: datetime) -> None:
    if offer.state == State.OFFERED:
        orders.decline(case=offer.order.case, by=person, at=at)
        return
    orders.step_back(case=offer.order.case, by=person, at=at, given=Given())


def _forget_told(volunteers: QuerySet[Volunteer]) -> int:
    Volunteer.skills.through.objects.filter(volunteer__in=volunteers).delete()
    return blank(
        volunteers,
        grid=None,
        free_times=[],
        reach=Volunteer.Reach.SITE,
        is_ranked=False,
        guardian="",
        checked_date=None,
        checked_by=None,
    )


def _erase_belonging(person: User, at: datetime) -> None:
    Team.objects.filter(leader=person).update(leader=None)
    TeamMember.objects.filter(person=person, until_at=None).update(until_at=at)
    Membership.objects.filter(person=person, until_at=None).update(until_at=at)


def _erase_points(person: User, at: datetime) -> None:
    """What was not fetched is there for others again; the entries stay."""
    for redemption in Redemption.objects.filter(person=person, state=Redemption.State.WAITING).order_by("pk"):
        points.cancel(redemption=redemption, by=person, at=at)


def _erase_duty(person: User, at: datetime) -> None:
    with suppress(ValidationError):  # none runs
        duty.end(person=person, at=at)
    blank(DutyReport.objects.filter(person=person).exclude(reason=""), reason=FORGOTTEN)
    blank(DutyEntry.objects.filter(report__person=person), words=FORGOTTEN)


def _erase_doctor(person: User, at: datetime) -> None:
    """A running one ends; that somebody asked and signed stays in the count."""
    for signing in DoctorSigning.objects.filter(person=person, ended_at=None).select_related("need__grid", "unit"):
        doctors.end(signing=signing, reason=FORGOTTEN, by=person, at=at)
    Need.objects.filter(doctor_signing__person=person).exclude(reason="").update(reason=FORGOTTEN)
    blank(DoctorSigning.objects.filter(person=person), **NO_SIGNER)


def _erase_served(person: User, at: datetime) -> None:
    """What comes again ends; a service under way keeps its words until it is done, the nightly task comes back."""
    nothing = {"title": FORGOTTEN, "words": "", "place": "", "address_note": "", "asker": None}
    Series.objects.filter(asker=person, until_at=None).update(until_at=at)
    Series.objects.filter(asker=person).update(**nothing)
    needs = Need.objects.filter(request__in=asked_by(person), ended_at__isnull=False)
    needs.update(title=FORGOTTEN)
    needs.exclude(reason="").update(reason=FORGOTTEN)
    blank(_orders(person).filter(case__closed_at__isnull=False), **NO_WORDS)


def _clear_refusals(before: datetime, at: datetime) -> int:
    """Who was asked and did not come is nobody's business once the service is over (志愿服务条例 25)."""
    over = Offer.objects.filter(order__case__closed_at__lt=before).exclude(state=State.ACCEPTED)
    count, _ = over.delete()
    return count


def _clear_left(before: datetime, at: datetime) -> int:
    return _forget_told(Volunteer.objects.filter(left_at__lt=before))


_PROFILE = rows_of(
    Volunteer,
    "person",
    "number",
    "grid",
    ("特长", _skills),
    ("可服务时间", _free_times),
    "reach",
    "guardian",
    "is_ranked",
    "checked_date",
)

_DOCTOR = rows_of(
    DoctorSigning,
    "person",
    "name",
    "phone",
    ("住在", "need__grid"),
    "unit",
    ("申请时间", "need__noted_at"),
    ("服务期", _terms),
    "end_reason",
)

_FINDINGS = rows_of(
    Finding,
    "person",
    ("项目", "inspection__project__name"),
    ("楼栋", "building__label"),
    "is_fine",
    "words",
    "said_at",
)

HOLDINGS = (
    Holding(
        "志愿者资料",
        _PROFILE,
        _erase_volunteer,
        _is_at_work,
        about="volunteers",
        why="to ask who fits and is near; the background check for visits to minors and lone elderly",
        erased="emptied; the number stays",
    ),
    Holding(
        "单位和队伍",
        together(
            rows_of(Membership, "person", "unit", "employment", "from_at", "until_at"),
            rows_of(TeamMember, "person", "team", "from_at", "until_at"),
            rows_of(Team, "leader", ("任队长的队伍", "name"), "founded_at", "ended_at"),
        ),
        _erase_belonging,
        about="unit members, team members",
        why="who belongs where, for the figures of units",
        erased="ended; stays without the name",
    ),
    Holding(
        "服务邀请",
        rows_of(
            Offer,
            "person",
            "order__case__number",
            ("服务", "order__case__title"),
            "state",
            "why",
            "arrived_at",
            "left_at",
        ),
        about="volunteers",
        why="to know who comes",
        erased="promises are given back first; declined ones go after 180 days anyway",
    ),
    Holding(
        "服务时数",
        rows_of(HoursEntry, "person", ("服务", "case__title"), "hours", "minutes", "noted_at", "reason"),
        about="volunteers",
        why="the legal record (民政部令 67)",
        erased="stays without the name: sums and figures do not change",
    ),
    Holding(
        "积分",
        rows_of(PointsEntry, "person", "words", "points", "noted_at"),
        _erase_points,
        about="volunteers",
        why="an incentive they may use",
        erased="stays without the name; what was not fetched is given back",
    ),
    Holding(
        "服务证明",
        rows_of(Certificate, "person", "code", "hours", "content", "issued_at", "number_agreed_at"),
        blanked(Certificate, "person", file=""),
        about="volunteers",
        why="to be verified; the ID number only with separate consent (art. 29), in the sealed file alone",
        erased="the file goes, its number and checksum stay",
    ),
    Holding(
        "党员报到",
        rows_of(DutyReport, "person", "unit", "grid", "state", "reason", ("记录", _duties)),
        _erase_duty,
        about="party members who reported (a specific identity, art. 28)",
        why="duty towards the branch where they live",
        erased="ended, its words blanked",
    ),
    Holding(
        "应急动员",
        rows_of(Call, "person", ("动员", _called_to), "call_out__called_at", "answer", joins=("call_out__plan",)),
        about="team members",
        why="who comes in an emergency",
        erased="stays without the name",
    ),
    Holding(
        "接受的服务",
        together(
            rows_of(ServiceOrder, _orders, "case__number", "words", "address_note", "serves"),
            rows_of(Series, "asker", ("定期服务", "title"), "words", "place", "address_note", "serves"),
        ),
        _erase_served,
        about="whoever is helped",
        why="where to go, what to do",
        erased="what comes again ends; words and door go with the closed case",
    ),
    Holding(
        "家庭医生签约",
        _DOCTOR,
        _erase_doctor,
        about="who asked for a family doctor",
        why="the health centre of the place calls and signs them up; nothing about health; name and phone for the centre and who wrote it down alone",
        erased="ended; name and phone go",
    ),
    Holding(
        "项目验收意见",
        _FINDINGS,
        blanked(Finding, "person", **NO_FINDING),
        about="residents who inspected a project",
        why="what is wrong is put right; only who lives there inspects",
        erased="words and building go, content or not stays",
    ),
)
KEEPINGS = (
    Keeping(
        "service_words", "志愿服务的说明和门牌", 3 * 365, blanked_after(ServiceOrder, "case__closed_at", **NO_WORDS)
    ),
    Keeping("service_refusals", "没有来的服务邀请", 180, _clear_refusals),
    Keeping(
        "project_findings",
        "居民验收项目时的话和楼栋",
        365,
        blanked_after(Finding, "inspection__accepted_at", **NO_FINDING),
    ),
    Keeping(
        "doctor_ended", "结束了的家庭医生签约的姓名和电话", 365, blanked_after(DoctorSigning, "ended_at", **NO_SIGNER)
    ),
    Keeping("volunteer_left", "退出志愿者的资料", 365, _clear_left),
)
