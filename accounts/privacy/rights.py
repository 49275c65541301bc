"""A person's rights over what is held about them (个人信息保护法 44–50): see, correct, copy, erase; and the
retention periods that run by themselves (19, 47)."""

import json
import logging
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from accounts import audit
from accounts.models import DataCopy, RetentionPeriod, User
from accounts.models.audit import Act
from accounts.models.user import phone_index
from accounts.numbers import normalise_phone
from accounts.personal_data import clean_name
from accounts.privacy.holdings import HOLDINGS, KEEPINGS, Keeping
from accounts.services import check_birth_date
from accounts.sign_in import alerts, codes
from accounts.sign_in.devices import sign_out_everywhere
from locks.deadlocks import once_more

log = logging.getLogger(__name__)

ERASED_NAME = "已注销"
COPY_KEPT = timedelta(days=7)


def held(person: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(kind of record, rows) of all that is held."""
    for holding in HOLDINGS:
        if rows := list(holding.rows(person)):
            yield holding.label, rows


def correct_name(*, person: User, name: str, at: datetime) -> None:
    """Raises ValidationError at `name`."""
    name = clean_name(name, field="name")
    if not name:
        raise ValidationError({"name": "请填写怎么称呼您。"})
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(name=name)
        audit.record(act=Act.CORRECT, at=at, by=person.pk, about=person.pk, thing="称呼")
    person.name = name


def correct_phone(*, person: User, phone: str, code: str, asker: str, at: datetime) -> None:
    """Another phone, whose code proves that it is the person's. Raises ValidationError at `phone` or `code`."""
    phone = normalise_phone(phone)
    index = phone_index(phone)
    codes.use_code(
        phone=phone, code=code, asker=asker, at=at
    )  # first: only who holds a phone may learn that it has an account
    with transaction.atomic():
        if User.objects.filter(phone_index=index).exclude(pk=person.pk).exists():
            raise ValidationError({"phone": "这个号码已有账号。如果也是您的，请用它登录，或联系社区。"})
        alerts.tell(person, "account.phone", at=at)
        person.phone, person.phone_index = phone, index
        person.save(update_fields=["phone", "phone_index"])
        audit.record(act=Act.CORRECT, at=at, by=person.pk, about=person.pk, thing="手机号")


def correct_birth_date(*, person: User, birth_date: date, by: User, at: datetime, address: str | None = None) -> None:
    """By somebody who has seen the ID card. Raises ValidationError at `birth_date`: impossible, or the one that is known."""
    check_birth_date(birth_date, at)
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if locked.birth_date == birth_date:
            raise ValidationError({"birth_date": "登记的就是这一天，不用更正。"})
        locked.birth_date = birth_date
        locked.save(update_fields=["birth_date"])
        audit.record(
            act=Act.CORRECT, at=at, by=by.pk, about=person.pk, thing="出生日期", words="核对身份证", address=address
        )
        alerts.tell(locked, "account.birth_date", at=at)


def ask_for_copy(*, person: User, at: datetime) -> None:
    """A copy of everything, made by a task. Asked for twice, it is made once."""
    try:
        with transaction.atomic():
            DataCopy.objects.create(person=person, asked_at=at)
            audit.record(act=Act.OWN_DATA, at=at, by=person.pk, about=person.pk)
            transaction.on_commit(_ring, robust=True)
    except IntegrityError:
        return


def _ring() -> None:
    current_app.send_task("accounts.tasks.make_copies")  # by name: tasks stand above services


def make_copies(*, at: datetime) -> int:
    """Make every copy that was asked for; returns how many. Many workers may do it at once."""
    made = 0
    while _make_next_copy(at):
        made += 1
    return made


def _make_next_copy(at: datetime) -> bool:
    with transaction.atomic():
        waiting = DataCopy.objects.select_for_update(skip_locked=True, of=("self",)).filter(ready_at=None)
        copy = waiting.select_related("person").order_by("pk").first()
        if copy is None:
            return False
        copy.file.save("copy.zip", ContentFile(_packed(copy.person, at)), save=False)
        copy.ready_at = at
        copy.save()
        return True


def _packed(person: User, at: datetime) -> bytes:
    sections = list(held(person))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        text = json.dumps(dict(sections), ensure_ascii=False, indent=2, default=str)
        packed.writestr("我的信息.json", text)
        page = render_to_string("accounts/data_copy.html", {"sections": sections, "person": person, "at": at})
        packed.writestr("我的信息.html", page)
    return out.getvalue()


def erase(*, person: User, at: datetime, by: User | None = None) -> None:
    """注销: the person is forgotten in all rooms; what happened and what the figures count stays, without them.

    Raises ValidationError when something is in the way (a post in force, …)."""
    if reasons := [reason for holding in HOLDINGS if (reason := holding.blocks(person))]:
        raise ValidationError(" ".join(reasons))
    once_more(lambda: _erase(person, at, by or person))


def _erase(person: User, at: datetime, by: User) -> None:
    with transaction.atomic():
        person.refresh_from_db()
        for holding in reversed(HOLDINGS):  # rooms above first: they still need to know whom they forget
            holding.erase(person, at)
        sign_out_everywhere(person)
        audit.record(act=Act.ERASE, at=at, by=by.pk, about=person.pk)
        audit.blank_words(person_id=person.pk)
        person.name, person.phone, person.phone_index = ERASED_NAME, "", f"erased-{uuid4()}"
        person.set_unusable_password()
        person.is_active = person.is_staff = False
        person.last_login, person.birth_date, person.erased_at = None, None, at
        person.save()


def run_retention(*, at: datetime) -> dict[str, int]:
    """Clear what is kept no longer, of every kind; what went, by kind. Also finishes erasures whose cases were open."""
    for person in User.objects.filter(erased_at__isnull=False, erased_at__gt=at - timedelta(days=400)):
        for holding in reversed(HOLDINGS):
            holding.erase(person, at)
    report = {keeping.label: keeping.clear(at - timedelta(days=days_of(keeping)), at) for keeping in KEEPINGS}
    went = "，".join(f"{label} {count}" for label, count in report.items() if count)
    audit.record(act=Act.RETENTION, at=at, thing="每晚清理", words=went or "没有到期的记录")
    log.info("审计记录末行 %s", audit.head())  # outside the database: a later check may expect it
    return report


def days_of(keeping: Keeping) -> int:
    """As staff set it, else the default."""
    days = RetentionPeriod.objects.filter(code=keeping.code).values_list("days", flat=True).first()
    return days if days is not None else keeping.days
