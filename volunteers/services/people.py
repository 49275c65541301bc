"""Becoming a volunteer, saying what one can do, and leaving: each the person's own act. The background check is staff's."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Consent, Purpose, User
from accounts.personal_data import clean_name
from accounts.services import note_birth_date
from cases.models import Category
from grids.models import Grid
from volunteers.models import Volunteer
from volunteers.models.words import FREE_TIMES
from web.text import NUMBER_ALPHABET

NOTICE_VERSION = "2026-11"
"""Of the words a volunteer agrees to (志愿服务条例 7; 个人信息保护法 14)."""


def new_number() -> str:
    """ZY-7K3M9QXT: random, so that numbers say nothing of how many there are."""
    return f"ZY-{''.join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))}"


def register(
    *,
    person: User,
    at: datetime,
    has_agreed: bool,
    grid: Grid | None = None,
    skills: Iterable[Category] = (),
    free_times: Sequence[str] = (),
    reach: str = Volunteer.Reach.SITE,
    is_ranked: bool = False,
    birth_date: date | None = None,
    guardian: str = "",
) -> Volunteer:
    """Register, come back after leaving, or change what one said. Consent is recorded with its wording.

    Raises ValidationError at `has_agreed` without it, at `free_times` for an unknown one, at `birth_date` where it cannot
    be, at `guardian` where a minor has none (民法典 19; 未成年人 need their guardian's consent to serve)."""
    if not has_agreed:
        raise ValidationError({"has_agreed": "做志愿者要您本人同意。请看过说明后勾选。"})
    if unknown := set(free_times) - FREE_TIMES.keys():
        raise ValidationError({"free_times": f"没有“{'、'.join(sorted(unknown))}”这样的时间。"})
    guardian = clean_name(guardian, field="guardian")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)  # the same form sent twice waits here
        if birth_date is not None:
            note_birth_date(person=person, birth_date=birth_date, at=at)
        if person.is_minor_at(at) and not guardian:
            raise ValidationError({"guardian": "未满十八周岁，要监护人同意才能做志愿者，请写明监护人。"})
        volunteer = Volunteer.objects.filter(person=person).first()
        volunteer = volunteer or Volunteer(person=person, number=new_number(), listed_at=at)
        volunteer.agreed_at, volunteer.left_at = volunteer.agreed_at or at, None
        volunteer.grid, volunteer.free_times, volunteer.reach = grid, list(free_times), reach
        volunteer.is_ranked, volunteer.guardian = is_ranked, guardian
        volunteer.save()
        volunteer.skills.set(skills)
        Consent.objects.get_or_create(
            person=person,
            purpose=Purpose.VOLUNTEER,
            notice_version=NOTICE_VERSION,
            withdrawn_at=None,
            defaults={"agreed_at": at},
        )
    return volunteer


def leave(*, volunteer: Volunteer, at: datetime) -> None:
    """Offered nothing any more; hours served stay on record (志愿服务条例 19). Raises ValidationError if left before."""
    with transaction.atomic():
        if not Volunteer.objects.filter(pk=volunteer.pk, left_at=None).update(left_at=at, is_ranked=False):
            raise ValidationError("您已经退出了。")
        agreed = Consent.objects.filter(person=volunteer.person_id, purpose=Purpose.VOLUNTEER, withdrawn_at=None)
        agreed.update(withdrawn_at=at)


def note_check(*, volunteer: Volunteer, on: date, by: User, today: date) -> None:
    """Staff saw the result of the background check of that day. Raises ValidationError at `on` for a day to come, and
    for one's own check."""
    if on > today:
        raise ValidationError({"on": "核查日期不能在今天之后。"})
    if volunteer.person_id == by.pk:
        raise ValidationError({"on": "自己的核查要由别人登记。"})
    Volunteer.objects.filter(pk=volunteer.pk).update(checked_date=on, checked_by=by)
