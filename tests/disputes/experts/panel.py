"""Experts of the panel and their bookings, for the tests of this room."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from cases.models import Case
from disputes.experts.services import booking, panel
from disputes.experts.services.threads import say
from disputes.models import DisputeType, Expert, ExpertField, Slot
from grids.models import Grid
from grids.posts.services import appoint
from photos.cleaning import clean
from tests.support.cast import MONDAY, Town, draw

TERM_FROM = MONDAY - timedelta(days=300)
THURSDAY = MONDAY + timedelta(days=3)


def enlisted(
    name: str, serial: int, town: Town, *, field: str = "房屋租赁", kind: str = "lawyer", **more: Any
) -> Expert:
    person = User.objects.create_user(phone=f"1380014{serial:04d}", name=name, password="Test-password-1")
    term = {"from_at": TERM_FROM, "until_at": more.pop("until_at", MONDAY + timedelta(days=300))}
    post = appoint(person=person, role="expert", grid=more.pop("grid", town.street), at=TERM_FROM, **term)
    fields = [ExpertField.objects.get(name=field)]
    return panel.enlist(post=post, kind=kind, fields=fields, **{"communities": [town.community], **more})


def slot_of(
    expert: Expert, from_at: datetime = THURSDAY, *, at: datetime = MONDAY, hours: int = 1, place: str = ""
) -> Slot:
    until_at = from_at + timedelta(hours=hours)
    return panel.open_slot(expert=expert, from_at=from_at, until_at=until_at, place=place, at=at)


def booked(
    slot: Slot, resident: User, community: Grid, *, key: str = "key", at: datetime = MONDAY, **more: Any
) -> Case:
    field = more.pop("field", None) or slot.expert.fields.first()
    matter = more.pop("matter", "房东不退押金怎么办")
    return booking.book(
        resident=resident, slot=slot, field=field, community=community, matter=matter, submit_key=key, at=at
    )


def expert_doors(town: Town, asker: User) -> dict[str, Any]:
    """Arguments of every address of the panel: an expert of the community with whom `asker` talks, who has been asked to
    agree to a mediation and has sent a photo."""
    now = timezone.now()
    expert = enlisted("权律师", 90, town, grid=town.community, until_at=now + timedelta(days=400))
    panel.set_photo(expert=expert, photo=clean(a_photo()))
    slot = slot_of(expert, now + timedelta(days=3), at=now)
    case = booked(slot, asker, town.community, key="doors", at=now)
    draw(case, "accept", expert.person, at=now)
    message = say(case=case, by=asker, at=now, words="看照片", photos=[clean(a_photo())])
    draw(case, "hold", expert.person, at=slot.from_at)
    draw(case, "propose", expert.person, at=slot.from_at, type=DisputeType.objects.get(code="0602"))
    number = {"number": case.number}
    file = {**number, "token": message.files.get().token}
    of_expert = {"expert_id": expert.pk}
    return {
        **{f"api:{name}": of_expert for name in ("expert", "expert-book", "expert-photo")},
        **{f"api:{name}": number for name in ("consultation", "consultation-say")},
        **{f"api:{name}": file for name in ("consultation-file", "consultation-thumbnail")},
        "api:expert-hours-withdraw": {"slot_id": slot.pk},
        "disputes:expert": {"expert_id": expert.pk},
        "disputes:expert-photo": {"expert_id": expert.pk},
        "disputes:expert-hours-withdraw": {"slot_id": slot.pk},
        "disputes:consultation-thread": number,
        "disputes:consultation-refer": number,
        "disputes:consultation-file": file,
        "disputes:consultation-thumbnail": file,
        "disputes_expert": expert.pk,
        "disputes_slot": slot.pk,
        "disputes_consultation": case.pk,
        "disputes_expertfield": ExpertField.objects.first().pk,
    }


def a_photo(name: str = "合同.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (600, 400), "#446655").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
