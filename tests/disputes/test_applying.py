"""Applying as a resident does it: which building, a kind in plain words, photos; and what mediators see of it."""

from uuid import uuid4

import pytest

from cases.models import Attachment, Case
from disputes.models import Dispute, DisputeType, PlainKind, Side, Source, Will
from disputes.services.opening import PartySaid, Spot
from tests.disputes.conftest import apply
from tests.photos.no_room import Field, no_room, says_that_there_is_no_room
from tests.photos.pictures import picture
from tests.support.cast import draw, signed_in
from tests.support.pages import BUTTON, inside, value

__all__ = ["no_room"]
MATTER = "//section[@aria-labelledby='matter']"
URL = "/disputes/new/"


@pytest.fixture
def application(dispute_defaults, town, staff, resident) -> dict:
    return {
        "key": str(uuid4()),
        "place": town.estate.pk,
        "building": town.building.pk,
        "place_note": "502",
        "plain_kind": PlainKind.objects.get(name__contains="漏水").pk,
        "summary": "楼上空调滴水",
        "other_name": "赵建国",
        "other_phone": "13800130002",
    }


def test_the_building_is_asked_for_where_it_decides(application, resident, town):
    client = signed_in(resident)
    where = client.post(URL, {**application, "screen": "where", "building": ""})
    assert "请选择哪一栋" in where.context["spot"].errors["building"][0]
    assert value(where, "place_note") == "502"
    community = {**application, "screen": "where", "place": town.community.pk, "building": ""}
    assert "spot" in client.post(URL, community).context
    assert client.post(URL, community).context["screen"] == "what"


def test_not_knowing_the_building_is_said_and_nobody_is_called_absent(
    application, resident, group_leader, branch_secretary
):
    client = signed_in(resident)
    assert client.post(URL, {**application, "screen": "where", "building": "none"}).context["screen"] == "what"
    assert client.post(URL, {**application, "screen": "confirm", "building": "none"}).status_code == 302
    case = Case.objects.get()
    assert case.holder.person == branch_secretary
    story = inside(client.get(case.get_absolute_url()), "//ol[contains(@class, 'timeline')]")
    assert "暂无党小组长" not in story
    assert "没有写明是哪一栋" in story
    assert "没有写明楼栋，502" in inside(signed_in(branch_secretary).get(case.get_absolute_url()), MATTER)


def test_an_empty_post_is_still_called_so(dispute_defaults, town, staff, resident, neighbour, group_leader):
    group_leader.posts.all().delete()
    case = apply(resident, neighbour, town)
    assert "暂无党小组长" in case.events.get(verb="dispatch").said["why"]


def test_what_was_chosen_is_shown_to_who_mediates(application, resident, town, group_leader):
    signed_in(resident).post(URL, {**application, "screen": "confirm"})
    case = Case.objects.get()
    page = inside(signed_in(group_leader).get(case.get_absolute_url()), MATTER)
    assert f"{town.estate.name} {town.building.label}，502" in page
    assert f"申请时选的是“{PlainKind.objects.get(pk=application['plain_kind']).name}”" in page


def test_residents_choose_among_a_dozen_kinds(application, resident):
    kinds = signed_in(resident).post(URL, {**application, "screen": "where"}).context["matter"].fields["plain_kind"]
    names = [name for _, name in kinds.choices]
    assert 10 <= len(names) <= 15
    assert "不清楚" in names[-1]
    page = signed_in(resident).post(URL, {**application, "screen": "where"})
    assert "纠纷 ›" not in inside(page)


def test_a_kind_stands_for_a_legal_type_until_the_mediators_have_looked(application, resident, group_leader):
    unclear = PlainKind.objects.get(name__startswith="不清楚")
    signed_in(resident).post(URL, {**application, "screen": "confirm", "plain_kind": unclear.pk})
    case = Case.objects.get()
    assert case.dispute.type.code == "99"
    draw(case, "reclassify", group_leader, type=DisputeType.objects.get(code="0201"), difficulty="simple", money=None)
    case.dispute.refresh_from_db()
    assert (case.dispute.type.code, case.dispute.plain_kind) == ("0201", unclear)


def test_staff_say_what_a_kind_stands_for(application, resident, county_admin):
    kind = PlainKind.objects.get(pk=application["plain_kind"])
    page = f"/admin/disputes/plainkind/{kind.pk}/change/"
    form = {"name": kind.name, "type": "0203", "order": 10, "is_active": "on"}
    assert signed_in(county_admin).post(page, form).status_code == 302
    signed_in(resident).post(URL, {**application, "screen": "confirm"})
    assert Dispute.objects.get().type.code == "0203"


def test_a_kind_out_of_use_is_refused_at_the_field(application, resident):
    PlainKind.objects.filter(pk=application["plain_kind"]).update(is_active=False)
    form = signed_in(resident).post(URL, {**application, "screen": "what"}).context["matter"]
    assert "已停用" in form.errors["plain_kind"][0]
    assert form["summary"].value() == "楼上空调滴水"


@pytest.fixture
def photos(application, resident):
    return Field(
        signed_in(resident),
        URL,
        lambda: {**application, "screen": "confirm"},
        Attachment.objects.count,
        form_of=lambda page: page["pictures"],
    )


def test_photos_go_with_an_application_and_stay_from_the_other_side(photos, resident, neighbour, group_leader):
    assert photos.post(picture()).status_code == 302
    case, photo = Case.objects.get(), Attachment.objects.get()
    assert (photo.case, photo.event.verb) == (case, "open")
    reads = {
        who: photo.token in signed_in(who).get(case.get_absolute_url()).content.decode()
        for who in (resident, neighbour, group_leader)
    }
    assert reads == {resident: True, neighbour: False, group_leader: True}


def test_a_file_that_is_no_photo_is_refused_there_and_the_words_are_kept(photos):
    page = photos.post(b"no photo")
    assert page.context["screen"] == "confirm"
    assert page.context["pictures"].errors["photos"]
    assert value(page, "summary") == "楼上空调滴水"
    assert not Case.objects.exists()


def test_no_room_for_photos_is_said_at_their_field(photos, settings, no_room):
    says_that_there_is_no_room(photos, settings.MEDIA_ROOT)


def test_photos_that_have_to_be_chosen_again_are_spoken_of(photos, application, resident):
    application["other_phone"] = resident.phone
    page = photos.post(picture())
    assert page.context["screen"] == "what"
    assert "照片" in inside(page, "//*[@role='status']")


def test_a_third_party_has_not_asked(dispute_defaults, town, staff, resident, neighbour):
    parties = [
        PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, person=neighbour),
        PartySaid(Side.THIRD, organisation="宜和佳苑物业公司"),
    ]  # fmt: skip
    case = apply(resident, neighbour, town, parties=parties, source=Source.BOTH)
    assert [party.will for party in case.dispute.parties.order_by("pk")] == [Will.ASKS, Will.ASKS, ""]


def test_the_button_for_danger_says_whom_it_calls(dispute, neighbour):
    assert "有激化风险，报社区民警" in inside(signed_in(neighbour).get(dispute.get_absolute_url()), BUTTON)


def test_an_estate_whose_doors_lie_in_no_group_asks_for_none(application, resident, town):
    town.estate.buildings.update(grid=None)
    where = signed_in(resident).post(URL, {**application, "screen": "where", "building": ""})
    assert where.context["screen"] == "what"
    assert Spot.of(town.estate).building is None
