"""家庭医生签约: asked for by a resident, or by the grid leader for them; matched to the health centre that serves the place (a
resource of that kind on the list); signed up by the centre itself for a year; renewed or ended. It is a need like any other:
what the centre did is its evidence, and whoever asked has the word on it."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.numbers import normalise_phone
from accounts.personal_data import clean_name
from accounts.services import reveal_phone
from cases.categories import paths as categories
from cases.models import Category
from grids.models import Grid, Unit
from grids.rights.jurisdiction import may
from notices.services import News, notify
from volunteers.models import DoctorSigning, DoctorTerm, Need, Resource
from volunteers.services import adoption, solving
from web.text import tidy

CATEGORY = "健康服务/家庭医生签约"
TITLE = "家庭医生签约"
RENEWED_FROM = timedelta(days=60)
"""So long before a term runs out it can be renewed."""


def ask(
    *, by: User, grid: Grid, at: datetime, has_agreed: bool, person: User | None = None, name: str = "", phone: str = ""
) -> DoctorSigning:
    """A family doctor is wanted: for oneself (`person` is `by`), or written down by staff of the place for somebody whom
    `name` and `phone` reach.

    Raises ValidationError at `has_agreed` (name and phone go to the centre: 个人信息保护法 23), `name`, `phone`, `grid`; or: a
    minor, asked before."""
    if not has_agreed:
        raise ValidationError({"has_agreed": "姓名和电话要交给签约机构，请本人同意后勾选。"})
    if person is not None and person.is_minor_at(at):
        raise ValidationError("未满十八周岁，请监护人找网格长代为申请。")
    if person is None and not may(by, "see", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    name = person.name if person else clean_name(name, field="name")
    if not name:
        raise ValidationError({"name": "请填写签约人姓名。"})
    phone = person.phone if person else _checked(phone)
    try:
        with transaction.atomic():
            need = Need.objects.create(
                title=TITLE,
                grid=grid,
                category=_category(),
                noted_by=by,
                noted_at=at,
                source=Need.Source.OWN if person else Need.Source.VISIT,
            )
            signing = DoctorSigning.objects.create(need=need, person=person, name=name, phone=phone, agreed_at=at)
            match(signing=signing, at=at)
    except IntegrityError:
        raise ValidationError("您已经申请过家庭医生，不用再申请。") from None
    return signing


def _checked(phone: str) -> str:
    try:
        return normalise_phone(phone)
    except ValidationError as refusal:
        raise ValidationError({"phone": refusal.messages}) from None


def _category() -> Category:
    category = categories.in_use(kind="service").get(CATEGORY)
    if category is None:
        raise ValidationError(f"服务分类“{CATEGORY}”已停用，暂时不能申请，请联系社区。")
    return category


def match(*, signing: DoctorSigning, at: datetime) -> None:
    """To the centre that serves the place: of the resources of this kind the nearest up the tree. Where there is none, it
    stays open on the list until the desk has one and matches again."""
    need, day = signing.need, timezone.localdate(at)
    offered = Resource.objects.filter(
        Q(until_date=None) | Q(until_date__gte=day),
        from_date__lte=day,
        unit__is_active=True,
        category=need.category,
        grid__in=Grid.objects.upward_from(need.grid).order_by(),
    )
    nearest = offered.select_related("unit").order_by("-grid__level", "pk").first()
    if nearest is None:
        return
    signing.unit = nearest.unit
    signing.save(update_fields=["unit"])
    Need.objects.filter(pk=need.pk, state=Need.State.OPEN).update(state=Need.State.ADOPTED)
    told = News(
        kind="doctor.asked_for",
        people=adoption.speakers(unit=nearest.unit, team=None, at=at),
        path=path_of(signing),
        cause=f"doctor-signing:{signing.pk}",
        key=str(nearest.unit_id),
        at=at,
        facts={"grid": need.grid.name},
    )
    notify(told)


def path_of(signing: DoctorSigning) -> str:
    return reverse("volunteers:doctor-signing", args=[signing.need.key])


def speaks_for(person: User, unit: Unit | None, *, at: datetime) -> bool:
    return unit is not None and adoption.speakers(unit=unit, team=None, at=at).filter(pk=person.pk).exists()


def of_my_units(person: User, *, at: datetime) -> QuerySet[DoctorSigning]:
    """Running ones of the centres this person speaks for: those that wait first, then those whose term ends soonest."""
    units = [unit for unit in Unit.objects.filter(memberships__person=person, memberships__until_at=None)]
    mine = [unit.pk for unit in units if speaks_for(person, unit, at=at)]
    running = DoctorSigning.objects.filter(unit__in=mine, ended_at=None)
    return running.select_related("need__grid", "unit").order_by("need__noted_at", "pk")


def sign(*, signing: DoctorSigning, doctor: str, signed_date: date, by: User, at: datetime) -> DoctorTerm:
    """签约 or 续约, by the centre itself, for a year; a renewal begins when the last term ends. The first one is reported as
    what the need asked for.

    Raises ValidationError at `doctor` or `signed_date`; or: not their centre, ended, far too early to renew."""
    doctor = tidy(doctor)[:40]
    if not speaks_for(by, signing.unit, at=at):
        raise ValidationError("要由签约机构的联络员登记。")
    if not doctor:
        raise ValidationError({"doctor": "请填写签约的医生或团队。"})
    if not timezone.localdate(signing.need.noted_at) <= signed_date <= timezone.localdate(at):
        raise ValidationError({"signed_date": "签约日期要在申请之后、今天或以前。"})
    with transaction.atomic():
        locked = _lock(signing)
        last = locked.last_term
        if last is not None and signed_date < last.until_date - RENEWED_FROM:
            raise ValidationError(
                {"signed_date": f"已签到 {last.until_date:%Y年%-m月%-d日}，到期前 {RENEWED_FROM.days} 天内再续约。"}
            )
        begins = max(signed_date, last.until_date + timedelta(days=1)) if last else signed_date
        term = DoctorTerm.objects.create(
            signing=locked,
            doctor=doctor,
            signed_date=signed_date,
            from_date=begins,
            until_date=last_day(begins),
            signed_by=by,
            noted_at=at,
        )
        if last is None and locked.need.is_open:
            solving.report(need=locked.need, by=by, at=at)
        elif locked.person is not None:
            until = {"until": f"{term.until_date:%Y年%-m月%-d日}", "until_date": term.until_date.isoformat()}
            told = News(
                kind="doctor.renewed",
                people=[locked.person],
                path=path_of(locked),
                cause=f"doctor-term:{term.pk}",
                at=at,
                facts={**until, "doctor": doctor},
            )
            notify(told)
    return term


def last_day(begins: date) -> date:
    """Of a term of one year."""
    try:
        next_year = begins.replace(year=begins.year + 1)
    except ValueError:  # 29 February
        next_year = date(begins.year + 1, 3, 1)
    return next_year - timedelta(days=1)


def _lock(signing: DoctorSigning) -> DoctorSigning:
    rows = DoctorSigning.objects.select_for_update(no_key=True, of=("self",)).select_related("need__grid", "person")
    locked: DoctorSigning = rows.get(pk=signing.pk)
    if locked.ended_at is not None:
        raise ValidationError("这项签约已经结束。")
    return locked


def end(*, signing: DoctorSigning, reason: str, by: User, at: datetime) -> None:
    """Taken back, moved away, not wanted any more: by whoever asked, the centre, or the desk of the place. What was not
    signed yet ends as a need that was not met.

    Raises ValidationError at `reason`; or: not theirs, ended before."""
    reason = tidy(reason)[:200]
    if not may_end(signing, by, at=at):
        raise ValidationError("这项签约不由您结束。")
    if not reason:
        raise ValidationError({"reason": "请写明原因，例如“搬走了”。"})
    with transaction.atomic():
        locked = _lock(signing)
        DoctorSigning.objects.filter(pk=locked.pk).update(ended_at=at, ended_by=by, end_reason=reason)
        running = Need.objects.filter(pk=locked.pk, ended_at=None)
        running.update(state=Need.State.UNMET, ended_at=at, ended_by=by, reason=reason)


def may_end(signing: DoctorSigning, person: User, *, at: datetime) -> bool:
    is_own = signing.person_id == person.pk
    return is_own or speaks_for(person, signing.unit, at=at) or may(person, "dispatch", signing.need.grid, at=at)


def may_read_name(signing: DoctorSigning, person: User, *, at: datetime) -> bool:
    """Whoever asked, who wrote it down for them, and the centre: nobody else needs it."""
    return person.pk in {signing.person_id, signing.need.noted_by_id} or speaks_for(person, signing.unit, at=at)


def show_phone(*, signing: DoctorSigning, by: User, reason: str, at: datetime) -> str:
    """The phone in full, for the centre, for a reason that is logged. Raises ValidationError at `reason`, or: not theirs."""
    if not speaks_for(by, signing.unit, at=at):
        raise ValidationError("要由签约机构的联络员查看。")
    reveal_phone(person=signing.person, by=by, reason=reason, at=at, thing=TITLE)
    phone: str = signing.phone
    return phone
