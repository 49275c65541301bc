"""What this room holds about people: what they told as volunteers, what they were asked and gave, where they reported,
what was done for them. Registered when the app is ready.

Forgetting a person empties what they told us and ends what runs. Entries of both ledgers stay as they are, under an
account that names nobody, so that every sum and figure stays what it was."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Length

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.engine.turns import Given
from cases.models import Case
from cases.privacy import FORGOTTEN, asked_by
from volunteers.models import (
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
from volunteers.services import certificates, doctors, duty, orders, points

State = Offer.State


def _profile(person: User) -> Iterator[dict[str, Any]]:
    for volunteer in Volunteer.objects.filter(person=person).select_related("grid"):
        yield {
            "志愿者编号": volunteer.number,
            "常在哪里服务": volunteer.grid.name if volunteer.grid else "",
            "特长": "、".join(volunteer.skills.values_list("name", flat=True)),
            "可服务时间": "、".join(FREE_TIMES[code] for code in volunteer.free_times),
            "怎么联系": volunteer.get_reach_display(),
            "监护人": volunteer.guardian,
            "愿意上榜": "是" if volunteer.is_ranked else "否",
            "背景核查日期": volunteer.checked_date,
        }


def _belonging(person: User) -> Iterator[dict[str, Any]]:
    for membership in Membership.objects.filter(person=person).select_related("unit").order_by("pk"):
        yield {
            "单位或队伍": membership.unit.name,
            "身份": membership.get_employment_display(),
            "起": membership.from_at,
            "止": membership.until_at,
        }
    for member in TeamMember.objects.filter(person=person).select_related("team").order_by("pk"):
        yield {"单位或队伍": member.team.name, "身份": "队员", "起": member.from_at, "止": member.until_at}


def _offers(person: User) -> Iterator[dict[str, Any]]:
    for offer in Offer.objects.filter(person=person).select_related("order__case").order_by("pk"):
        yield {
            "编号": offer.order.case.number, "服务": offer.order.case.title, "状态": offer.get_state_display(),
            "签到": offer.arrived_at, "签退": offer.left_at,
        }  # fmt: skip


def _hours(person: User) -> Iterator[dict[str, Any]]:
    for entry in HoursEntry.objects.filter(person=person).select_related("case").order_by("pk"):
        yield {"服务": entry.case.title, "小时": entry.hours, "记录时间": entry.noted_at, "更正原因": entry.reason}


def _points(person: User) -> Iterator[dict[str, Any]]:
    for entry in PointsEntry.objects.filter(person=person).order_by("pk"):
        yield {"事由": entry.words, "积分": entry.points, "记录时间": entry.noted_at}


def _certificates(person: User) -> Iterator[dict[str, Any]]:
    for certificate in Certificate.objects.filter(person=person).order_by("pk"):
        yield {
            "证明编号": certificate.code,
            "小时": certificate.hours,
            "服务内容": certificate.content,
            "出具时间": certificate.issued_at,
        }


def _duty(person: User) -> Iterator[dict[str, Any]]:
    for report in DutyReport.objects.filter(person=person).select_related("grid").order_by("pk"):
        did = "；".join(f"{entry.date} {entry.words}" for entry in report.entries.order_by("date"))
        yield {"报到": report.grid.name, "状态": report.get_state_display(), "退回原因": report.reason, "记录": did}


def _calls(person: User) -> Iterator[dict[str, Any]]:
    for call in person.calls.select_related("call_out__plan").order_by("pk"):
        yield {
            "动员": f"{call.call_out.label}{call.call_out.plan.name}",
            "通知时间": call.call_out.called_at,
            "答复": call.get_answer_display(),
        }


def _served(person: User) -> Iterator[dict[str, Any]]:
    for order in ServiceOrder.objects.filter(case__in=asked_by(person)).select_related("case").order_by("pk"):
        yield {"编号": order.case.number, "要做什么": order.words, "门牌": order.address_note}
    for series in Series.objects.filter(asker=person).order_by("pk"):
        yield {"编号": "定期服务", "要做什么": f"{series.title} {series.words}", "门牌": series.address_note}


def _findings(person: User) -> Iterator[dict[str, Any]]:
    for finding in (
        Finding.objects.filter(person=person).select_related("inspection__project", "building").order_by("pk")
    ):
        yield {
            "项目": finding.inspection.project.name, "楼栋": finding.building.label if finding.building else "",
            "满意": "是" if finding.is_fine else "否", "说了什么": finding.words, "验收时间": finding.said_at,
        }  # fmt: skip


def _doctor(person: User) -> Iterator[dict[str, Any]]:
    for signing in DoctorSigning.objects.filter(person=person).select_related("need__grid", "unit").order_by("pk"):
        terms = "；".join(
            f"{term.doctor} {term.from_date} 至 {term.until_date}" for term in signing.terms.order_by("pk")
        )
        yield {
            "住在": signing.need.grid.name, "签约机构": signing.unit.name if signing.unit else "",
            "申请时间": signing.need.noted_at, "服务期": terms, "结束原因": signing.end_reason,
        }  # fmt: skip


def _is_at_work(person: User) -> str:
    at_work = Offer.objects.filter(person=person, state=State.ACCEPTED, arrived_at__isnull=False, left_at=None)
    return "您正在服务中，签退以后再注销。" if at_work.filter(order__case__closed_at=None).exists() else ""


def _erase_volunteer(person: User, at: datetime) -> None:
    """Out of every offer and promise by the services, so that the next one is asked; then what they told us goes."""
    running = Offer.objects.filter(person=person, state__in=(State.OFFERED, State.ACCEPTED), arrived_at=None)
    for offer in running.filter(order__case__closed_at=None).select_related("order__case").order_by("order"):
        _leave_order(offer, person, at)
    for volunteer in Volunteer.objects.filter(person=person):
        volunteer.skills.clear()
    Volunteer.objects.filter(person=person, left_at=None).update(left_at=at)
    _forget_told(Volunteer.objects.filter(person=person))


def _leave_order(offer: Offer, person: User, at: datetime) -> None:
    if offer.state == State.OFFERED:
        orders.decline(case=offer.order.case, by=person, at=at)
        return
    orders.step_back(case=offer.order.case, by=person, at=at, given=Given())


def _forget_told(volunteers: QuerySet[Volunteer]) -> int:
    return volunteers.update(
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


def _erase_certificates(person: User, at: datetime) -> None:
    certificates.forget_files(person)


def _erase_duty(person: User, at: datetime) -> None:
    with suppress(ValidationError):  # none runs
        duty.end(person=person, at=at)
    DutyReport.objects.filter(person=person).exclude(reason="").update(reason=FORGOTTEN)
    DutyEntry.objects.filter(report__person=person).update(words=FORGOTTEN)


def _erase_findings(person: User, at: datetime) -> None:
    """That somebody was content or not stays in the count."""
    Finding.objects.filter(person=person).update(words="", building=None)


def _erase_doctor(person: User, at: datetime) -> None:
    """A running one ends; that somebody asked and signed stays in the count."""
    for signing in DoctorSigning.objects.filter(person=person, ended_at=None).select_related("need__grid", "unit"):
        doctors.end(signing=signing, reason=FORGOTTEN, by=person, at=at)
    Need.objects.filter(doctor_signing__person=person).exclude(reason="").update(reason=FORGOTTEN)
    _forget_doctor(DoctorSigning.objects.filter(person=person))


def _forget_doctor(signings: QuerySet[DoctorSigning]) -> int:
    return signings.update(person=None, name="", phone="", end_reason=FORGOTTEN)


def _clear_doctor(before: datetime, at: datetime) -> int:
    return _forget_doctor(DoctorSigning.objects.filter(ended_at__lt=before, name__isblank=False))


def _erase_served(person: User, at: datetime) -> None:
    """What comes again ends; a service under way keeps its words until it is done, the nightly task comes back."""
    blank = {"title": FORGOTTEN, "words": "", "place": "", "address_note": "", "asker": None}
    Series.objects.filter(asker=person, until_at=None).update(until_at=at)
    Series.objects.filter(asker=person).update(**blank)
    needs = Need.objects.filter(request__in=asked_by(person), ended_at__isnull=False)
    needs.update(title=FORGOTTEN)
    needs.exclude(reason="").update(reason=FORGOTTEN)
    _forget_words(asked_by(person).filter(closed_at__isnull=False))


def _forget_words(cases: QuerySet[Case]) -> int:
    told = ServiceOrder.objects.filter(case__in=cases).annotate(size=Length("address_note"))  # encrypted, or empty
    return told.exclude(words="", size=0).update(words="", address_note="")


def _clear_words(before: datetime, at: datetime) -> int:
    return _forget_words(Case.objects.filter(closed_at__lt=before))


def _clear_refusals(before: datetime, at: datetime) -> int:
    """Who was asked and did not come is nobody's business once the service is over (志愿服务条例 25)."""
    over = Offer.objects.filter(order__case__closed_at__lt=before).exclude(state=State.ACCEPTED)
    count, _ = over.delete()
    return count


def _clear_findings(before: datetime, at: datetime) -> int:
    told = Finding.objects.filter(inspection__accepted_at__lt=before).exclude(words="", building=None)
    return told.update(words="", building=None)


def _clear_left(before: datetime, at: datetime) -> int:
    left = Volunteer.objects.filter(left_at__lt=before).exclude(
        grid=None, free_times=[], checked_date=None, guardian__isblank=True
    )
    for volunteer in left:
        volunteer.skills.clear()
    return _forget_told(left)


HOLDINGS = (
    Holding(
        "志愿者资料",
        _profile,
        _erase_volunteer,
        _is_at_work,
        about="volunteers",
        why="to ask who fits and is near; the background check for visits to minors and lone elderly",
        erased="emptied; the number stays",
    ),
    Holding(
        "单位和队伍",
        _belonging,
        _erase_belonging,
        about="unit members, team members",
        why="who belongs where, for the figures of units",
        erased="ended; stays without the name",
    ),
    Holding(
        "服务邀请",
        _offers,
        about="volunteers",
        why="to know who comes",
        erased="promises are given back first; declined ones go after 180 days anyway",
    ),
    Holding(
        "服务时数",
        _hours,
        about="volunteers",
        why="the legal record (民政部令 67)",
        erased="stays without the name: sums and figures do not change",
    ),
    Holding(
        "积分",
        _points,
        _erase_points,
        about="volunteers",
        why="an incentive they may use",
        erased="stays without the name; what was not fetched is given back",
    ),
    Holding(
        "服务证明",
        _certificates,
        _erase_certificates,
        about="volunteers",
        why="to be verified; the ID number only with separate consent (art. 29), in the sealed file alone",
        erased="the file goes, its number and checksum stay",
    ),
    Holding(
        "党员报到",
        _duty,
        _erase_duty,
        about="party members who reported (a specific identity, art. 28)",
        why="duty towards the branch where they live",
        erased="ended, its words blanked",
    ),
    Holding(
        "应急动员",
        _calls,
        about="team members",
        why="who comes in an emergency",
        erased="stays without the name",
    ),
    Holding(
        "接受的服务",
        _served,
        _erase_served,
        about="whoever is helped",
        why="where to go, what to do",
        erased="what comes again ends; words and door go with the closed case",
    ),
    Holding(
        "家庭医生签约",
        _doctor,
        _erase_doctor,
        about="who asked for a family doctor",
        why="the health centre of the place calls and signs them up; nothing about health; name and phone for the centre and who wrote it down alone",
        erased="ended; name and phone go",
    ),
    Holding(
        "项目验收意见",
        _findings,
        _erase_findings,
        about="residents who inspected a project",
        why="what is wrong is put right; only who lives there inspects",
        erased="words and building go, content or not stays",
    ),
)
KEEPINGS = (
    Keeping("service_words", "志愿服务的说明和门牌", 3 * 365, _clear_words),
    Keeping("service_refusals", "没有来的服务邀请", 180, _clear_refusals),
    Keeping("project_findings", "居民验收项目时的话和楼栋", 365, _clear_findings),
    Keeping("doctor_ended", "结束了的家庭医生签约的姓名和电话", 365, _clear_doctor),
    Keeping("volunteer_left", "退出志愿者的资料", 365, _clear_left),
)
