"""志愿服务记录证明 (民政部令 67): who somebody is, what they gave, who says so; a PDF that anybody can verify without
reading it. What it says is taken from the ledger; free of charge (志愿服务条例 19)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from accounts.numbers import check_id_number
from grids.models import Grid
from papers.files import sealed
from papers.issued import Issued, checksum_of, new_paper_number
from papers.pdf import paper_pdf
from papers.sheet import Fields, Para, Seal, Sheet, Stamp, Table
from volunteers.models import Certificate, CertificateOffice, HoursEntry, Volunteer
from volunteers.models.words import ID_CARD
from volunteers.services import hours

TITLE = "志愿服务记录证明"
CORRECTED = "出具以后有时数作了更正，请向本人要最新的一份。"


def office_for(person: User, *, at: datetime) -> CertificateOffice | None:
    """The nearest office up the tree from where the person serves, or else served last."""
    volunteer = Volunteer.objects.filter(person=person).select_related("grid").first()
    place = volunteer.grid if volunteer else None
    if place is None:
        last = _counting(person, at).select_related("case__grid").order_by("-case__service__begins_at", "-pk").first()
        place = last.case.grid if last else None
    if place is None:
        return None
    offices = CertificateOffice.objects.filter(grid__in=Grid.objects.upward_from(place))
    return offices.order_by("-grid__level").first()


def _counting(person: User, at: datetime) -> QuerySet[HoursEntry]:
    return HoursEntry.objects.filter(person=person, counts_at__lte=at)


def issue(
    *,
    person: User,
    at: datetime,
    verify_url: str,
    id_kind: str = ID_CARD,
    id_number: str = "",
    has_agreed: bool = False,
) -> Certificate:
    """A certificate of all hours that count. The ID number stands in the file alone, and only with the person's separate
    consent (个人信息保护法 29); without it there is a line to write it on.

    `verify_url`: the public page, to which the number is added. Raises ValidationError: no hours yet, nobody certifies
    there, or at `id_number` or `has_agreed`."""
    id_number = _checked(id_kind, id_number, has_agreed)
    total = hours.counted(person, at=at)
    if total <= 0:
        raise ValidationError("还没有公示期满的服务时数。服务时数公示 3 个工作日后计入。")
    office = office_for(person, at=at)
    if office is None:
        raise ValidationError("您服务的社区还没有登记由谁出具证明，请联系社区工作者。")
    rows = _by_kind(person, at)
    made = Certificate(
        code=new_paper_number("ZM"),
        person=person,
        hours=total,
        issuer=office.name,
        issued_at=at,
        content="；".join(f"{kind} {times} 次 {given} 小时" for kind, times, given in rows),
        from_date=_first_day(person, at),
        until_date=timezone.localdate(at),
        number_agreed_at=at if id_number else None,
    )
    sheet = _sheet(made, office, rows, id_kind=id_kind, id_number=id_number)
    content = paper_pdf(sheet, stamp=Stamp(made.code, f"{verify_url}?number={made.code}"))
    made.sha256, made.file = checksum_of(content), sealed(content)
    made.save(force_insert=True)
    return made


def _checked(id_kind: str, id_number: str, has_agreed: bool) -> str:
    id_number = id_number.strip()
    if not id_number:
        return ""
    if not has_agreed:
        raise ValidationError({"has_agreed": "要把证件号码写进证明，请先勾选同意。"})
    if id_kind != ID_CARD:
        return id_number.upper()
    try:
        return check_id_number(id_number)
    except ValidationError as refusal:
        raise ValidationError({"id_number": refusal.messages}) from None


def _by_kind(person: User, at: datetime) -> list[tuple[str, int, int]]:
    """(kind of service, how often, hours), most hours first; corrections are counted in."""
    given = _counting(person, at).values_list("case__category__name")
    kinds = given.annotate(times=Count("case", distinct=True), total=Sum("hours")).filter(total__gt=0)
    return [
        (kind or "其他服务", times, total) for kind, times, total in kinds.order_by("-total", "case__category__name")
    ]


def _first_day(person: User, at: datetime) -> date:
    first = (
        _counting(person, at).order_by("case__service__begins_at").values_list("case__service__begins_at", flat=True)
    )
    return timezone.localdate(first[0])


def _sheet(
    made: Certificate, office: CertificateOffice, rows: list[tuple[str, int, int]], *, id_kind: str, id_number: str
) -> Sheet:
    """The four things of the order: identity, service, issuer, number and day."""
    number = Volunteer.objects.values_list("number", flat=True).get(person=made.person_id)
    span = f"{made.from_date:%Y年%-m月%-d日}至{made.until_date:%Y年%-m月%-d日}"
    return Sheet(
        TITLE,
        [
            Fields(
                [
                    [("姓　　名", made.person.name), ("志愿者编号", number)],
                    [("证件类型", id_kind if id_number else ""), ("证件号码", id_number)],
                ]
            ),
            Para(f"兹证明以上志愿者于{span}参加志愿服务，累计服务时间 {made.hours} 小时。服务内容如下："),
            Table(
                ["服务内容", "次数", "服务时间（小时）"],
                [
                    *([kind, str(times), str(given)] for kind, times, given in rows),
                    ["合计", str(sum(row[1] for row in rows)), str(made.hours)],
                ],
            ),
            Fields(
                [
                    [("出具单位", office.name)],
                    [("负 责 人", office.head), ("经 办 人", office.clerk)],
                    [("联系方式", office.contact)],
                    [("证明编号", made.code), ("出具日期", f"{made.until_date:%Y年%-m月%-d日}")],
                ]
            ),
            Para("服务时间为实际服务的整小时数，不含路途，经公示期满计入。本证明无偿出具，加盖出具单位公章。"),
            Seal(office.name, f"{made.until_date:%Y年%-m月%-d日}"),
        ],
    )


def find_issued(asked: dict[str, str]) -> Issued | None:
    """For the public page (papers.issued.FINDERS): no name, no hours."""
    by = {"code" if name == "number" else name: value for name, value in asked.items()}
    made = Certificate.objects.filter(**by).first()
    if made is None:
        return None
    note = "" if is_still_true(made) else CORRECTED
    return Issued(made.code, made.issuer or "政和县社区治理平台", made.issued_at, made.sha256, note)


def is_still_true(certificate: Certificate) -> bool:
    """Whether what counted on the day of issue has not been corrected since: whoever verifies should know."""
    day_after = certificate.issued_at + timedelta(microseconds=1)
    entries = HoursEntry.objects.filter(person=certificate.person, counts_at__lt=day_after)
    return not HoursEntry.objects.filter(Q(corrects__in=entries), counts_at__gte=day_after).exists()
