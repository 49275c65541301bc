"""Photos on pages of volunteers: leaving a service, inspecting works, a project at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Attachment
from grids.models import UnitKind
from grids.units.services import register_unit
from tests.photos.no_room import Field, says_that_there_is_no_room, takes_a_strip
from tests.support.cast import signed_in
from volunteers.models import Project, ProjectPhoto, ServiceOrder
from volunteers.services import inspections, orders, visits

WORDS = "第二级台阶松了"


@pytest.fixture
def leaving(open_visit, ask, helper):
    at = timezone.now()
    begins = at + timedelta(minutes=30)
    case = ask(open_visit(at=at, begins_at=begins, ends_at=begins + timedelta(hours=2)), helper, at=at)
    orders.accept(case=case, by=helper, at=at)
    case.refresh_from_db()
    visits.check_in(case=case, by=helper, at=at, code=case.service.door_code)
    ServiceOrder.objects.update(begins_at=at)  # it has begun
    return Field(
        signed_in(helper),
        f"/volunteers/orders/{case.number}/check-out/",
        lambda: {"words": WORDS},
        Attachment.objects.count,
        form_of=lambda page: page["check_out_form"],
        typed={"words": WORDS},
    )


@pytest.fixture
def works(defaults, town, staff) -> Project:
    at = timezone.now()
    project = inspections.start_project(
        name="雨污分流",
        kind="renovation",
        plan="挖开重铺",
        grid=town.estate,
        unit=register_unit(name="县住建局", kind=UnitKind.OFFICE),
        from_date=at.date(),
        until_date=at.date(),
        by=staff["community_worker"],
        at=at,
    )
    inspections.open_inspection(
        project=project, closes_at=at + timedelta(days=7), least=2, by=staff["community_worker"], at=at
    )
    return project


@pytest.fixture
def inspecting(works, resident, town):
    posted = {"building": town.building.pk, "is_fine": "0", "words": WORDS}
    url = f"/projects/{works.key}/inspect/"
    return Field(signed_in(resident), url, lambda: posted, Attachment.objects.count, typed={"words": WORDS})


@pytest.fixture
def desk(works, staff):
    return Field(
        signed_in(staff["community_worker"]),
        f"/volunteers/projects/{works.key}/",
        lambda: {"act": "photos"},
        ProjectPhoto.objects.count,
        form_of=lambda page: page["forms"]["photos"],
        is_needed=True,
    )


@pytest.fixture(params=["leaving", "inspecting", "desk"])
def field(request):
    return request.getfixturevalue(request.param)


def test_a_strip_is_taken(field):
    takes_a_strip(field)


def test_no_room_for_photos_is_said_and_the_words_are_kept(field, settings, no_room):
    says_that_there_is_no_room(field, settings.MEDIA_ROOT)


def test_a_project_wants_a_photo_where_one_is_sent(desk):
    answer = desk.post()
    assert answer.context["forms"]["photos"].errors["photos"] == ["请选择照片。"]
