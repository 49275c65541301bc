"""Reports that come by themselves: who wants which, and sending them once a period is over.

What is sent is a row: a report is kept once for each node, kind and period, a subscription says up to which period it was
served, messages are rows of the outbox. So any number of sweeps, at any time, send each report once."""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import resolve, reverse
from django.utils.timezone import localdate, localtime

from accounts import limiter
from accounts.models import User
from accounts.personal_data import blind_index
from accounts.privacy.holdings import Keeping
from dashboards.figures.periods import Period
from dashboards.models import Report, Subscription
from dashboards.models.report import CODES
from dashboards.reports.content import content_of
from dashboards.reports.pdf import report_pdf
from grids.models import Grid
from grids.rights.jurisdiction import may
from notices.channels.mail import Mail
from notices.models import Notice
from notices.services import News, notify

log = logging.getLogger(__name__)

READY = time(7, 30)
"""From when in the morning the period that ended the day before is reported."""
AGAIN = timedelta(minutes=10)
"""After which one that failed is tried again."""
SALT = "report mail"
CONFIRM_WITHIN = timedelta(days=7)


def subscribe(*, person: User, node: Grid | None, codes: list[str], mail: str, at: datetime) -> None:
    """These kinds of reports of this node and no others, each from the period on that is running now; also by mail where
    an address is given. A new address gets a message to confirm it, and no report before. Who may read figures there is
    asked at the door and at each sending. Raises ValidationError at `mail`, TooOften."""
    mail = mail.strip()
    if mail and not settings.EMAIL_HOST:
        raise ValidationError({"mail": "本平台还没有设置发邮件，请留空，报告会发到站内消息。"})
    confirmed_at = _confirmed_at(person, mail) if mail else None
    with transaction.atomic():
        held = Subscription.objects.filter(person=person, node=node)
        held.exclude(code__in=codes).delete()
        for code in codes:
            fields = {"mail": mail, "mail_confirmed_at": confirmed_at}
            Subscription.objects.update_or_create(
                person=person,
                node=node,
                code=code,
                defaults=fields,
                create_defaults={**fields, "from_date": localdate(at)},
            )
        if codes and mail and confirmed_at is None:
            limiter.check("report_mail", person=person.pk, at=at)
            _ask_to_confirm(person, mail, at)


def _confirmed_at(person: User, mail: str) -> datetime | None:
    """Addresses are kept encrypted, so those of this person are looked through."""
    held = Subscription.objects.filter(person=person, mail_confirmed_at__isnull=False)
    return next((subscription.mail_confirmed_at for subscription in held if subscription.mail == mail), None)


def _ask_to_confirm(person: User, mail: str, at: datetime) -> None:
    code = signing.dumps([person.pk, _digest(mail)], salt=SALT)
    told = News(
        kind="report.mail_to_confirm",
        people=[person],
        path=reverse("dashboards:report-mail-confirm", args=[code]),
        cause=f"report-mail:{person.pk}",
        key=str(at.timestamp()),
        at=at,
    )
    notify(told)


def _digest(mail: str) -> str:
    return blind_index(mail, purpose=SALT)[:16]


def _waiting(person: User, code: str) -> list[Subscription]:
    """Those of this person whose address the link speaks of. Empty: it speaks of somebody else's, or is too old."""
    try:
        person_id, digest = signing.loads(code, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return []
    held = Subscription.objects.filter(person=person).select_related("node")
    return [
        subscription
        for subscription in held
        if person_id == person.pk and subscription.mail and _digest(subscription.mail) == digest
    ]


def confirm_mail(*, person: User, code: str, at: datetime) -> str:
    """The link of that message was opened by who subscribed: the address. Raises ValidationError."""
    waiting = _waiting(person, code)
    if not waiting:
        raise ValidationError("这个链接不对或者过期了，请重新填写邮箱。")
    Subscription.objects.filter(pk__in=[subscription.pk for subscription in waiting]).update(mail_confirmed_at=at)
    mail: str = waiting[0].mail
    return mail


def last_over(code: str, *, at: datetime) -> Period:
    """The last period of this kind that is over, and reported since READY."""
    today = localdate(at) if localtime(at).time() >= READY else localdate(at) - timedelta(days=1)
    return Period.of(code, today).before


def send_due(*, at: datetime) -> int:
    """Send every report that is due; returns how many subscriptions were served. Safe to run in many workers at once: a
    subscription is locked while it is served, each in a transaction of its own."""
    served = 0
    for pk in _due(at).values_list("pk", flat=True):
        try:
            served += _serve(pk, at)
        except Exception:
            log.exception("report of subscription %s was not sent", pk)
            Subscription.objects.filter(pk=pk).update(try_at=at + AGAIN)
    return served


def _due(at: datetime) -> QuerySet[Subscription]:
    wanted = Q(pk__in=())
    for code in CODES:
        last = last_over(code, at=at)
        wanted |= Q(code=code, from_date__lte=last.last) & (Q(sent_first=None) | Q(sent_first__lt=last.first))
    return Subscription.objects.filter(wanted, Q(try_at=None) | Q(try_at__lte=at)).order_by("pk")


def _serve(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        locked = Subscription.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        wanted = locked.select_related("person", "node").filter(pk=pk).first()
        if wanted is None or not wanted.is_due(period := last_over(wanted.code, at=at)):
            return False
        if not may(wanted.person, "figures", wanted.node, at=at):
            # A post that ended ends what it was sent.
            wanted.delete()
            return False
        report = report_of(wanted.node, period, at=at)
        _tell(wanted, report, at)
        wanted.sent_first, wanted.try_at = period.first, None
        wanted.save(update_fields=["sent_first", "try_at"])
    return True


def report_of(node: Grid | None, period: Period, *, at: datetime) -> Report:
    """The report of this node and period as it was made first."""
    fields = {"node": node, "code": period.code, "first": period.first}
    report = Report.objects.filter(**fields).first()
    if report is None:
        content = content_of(node, period, at=at)
        try:
            with transaction.atomic():
                report = Report.objects.create(**fields, content=content, place=content["place"], made_at=at)
        except IntegrityError:  # somebody else made it meanwhile
            report = Report.objects.get(**fields)
    return report


def _tell(wanted: Subscription, report: Report, at: datetime) -> None:
    content = report.content
    told = News(
        kind="report.made",
        people=[wanted.person],
        path=report.get_absolute_url(),
        cause=f"report:{report.pk}",
        at=at,
        facts={
            "report": str(report),
            "registered": content["main"][0]["words"],
            "score": content["score"],
            "late": content["late"],
        },
    )
    notify(told)


def mail_to_confirm(notice: Notice) -> Mail | None:
    """To the address that is to be confirmed, while it still is."""
    waiting = _waiting(notice.person, resolve(notice.path).kwargs["code"])
    return Mail(waiting[0].mail, "请确认邮箱") if waiting else None


def mail_of_report(notice: Notice) -> Mail | None:
    """The report as PDF, to who asked for it by mail. Who no longer reads figures there is sent nothing."""
    person, report_id = notice.person, resolve(notice.path).kwargs["report_id"]
    report = Report.objects.filter(pk=report_id).select_related("node").first()
    if report is None or not may(person, "figures", report.node):
        return None
    held = Subscription.objects.filter(
        person=person, node=report.node, code=report.code, mail_confirmed_at__isnull=False
    )
    wanted = held.first()
    if wanted is None:
        return None
    return Mail(wanted.mail, str(report), [(f"{report}.pdf", report_pdf(report.content), "application/pdf")])


def forget_reports(before: datetime, at: datetime) -> int:
    return Report.objects.filter(made_at__lt=before).delete()[0]


KEEPING = Keeping("reports", "发出的数据报告", 1095, forget_reports)
