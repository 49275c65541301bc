"""Pages: applying on three screens, writing down for others, converting a request; errors at the field, typed words kept."""

from uuid import uuid4

import pytest

from cases.models import Case
from disputes.models import Dispute, DisputeType, PlainKind, Side, Source
from disputes.services.opening import PartySaid
from tests.disputes.conftest import apply
from tests.support.cast import draw, signed_in
from tests.support.pages import HEADING, inside, words


@pytest.fixture
def application(dispute_defaults, town, staff) -> dict:
    return {
        "key": str(uuid4()),
        "place": town.estate.pk,
        "building": town.building.pk,
        "place_note": "502",
        "type": DisputeType.objects.get(code="0201").pk,
        "plain_kind": PlainKind.objects.first().pk,
        "summary": "楼上空调滴水",
        "other_name": "赵建国",
        "other_phone": "13800130002",
    }


def test_three_screens_make_a_dispute(application, resident, neighbour, group_leader):
    client = signed_in(resident)
    assert "在哪里" in inside(client.get("/disputes/new/"), HEADING)
    what = client.post("/disputes/new/", {**application, "screen": "where"}).content.decode()
    assert "和谁，什么事？" in what
    confirm = client.post("/disputes/new/", {**application, "screen": "what"}).content.decode()
    assert "看一看，对不对" in confirm
    assert not Dispute.objects.exists()
    done = client.post("/disputes/new/", {**application, "screen": "confirm"})
    case = Case.objects.get()
    assert done["Location"] == f"/cases/{case.number}/"
    assert case.holder.person == group_leader
    assert {party.person for party in case.dispute.parties.all()} == {resident, neighbour}
    client.post("/disputes/new/", {**application, "screen": "confirm"})
    assert Case.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_missing(application, resident):
    page = (
        signed_in(resident).post("/disputes/new/", {**application, "screen": "what", "other_name": ""}).content.decode()
    )
    assert "请写明和谁有纠纷" in page
    assert "楼上空调滴水" in page
    page = (
        signed_in(resident)
        .post("/disputes/new/", {**application, "screen": "what", "summary": "长" * 2001})
        .content.decode()
    )
    assert "最多 2000 字，您写了 2001 字" in page


def test_a_dispute_with_oneself_is_refused_at_the_field(application, resident):
    page = signed_in(resident).post(
        "/disputes/new/", {**application, "screen": "confirm", "other_phone": resident.phone}
    )
    form = page.context["matter"]
    assert "不能同时在两边" in form.errors["other_name"][0]
    assert (form["other_phone"].value(), form["summary"].value()) == (resident.phone, "楼上空调滴水")
    assert not Dispute.objects.exists()


def test_one_party_written_down_on_both_sides_is_refused_at_the_field(application, grid_leader):
    form = {**application, "source": "grid", "asker_name": "赵建国", "other_phone": "", "scale": "01"}
    made = signed_in(grid_leader).post("/disputes/register/", form).context["form"]
    assert "不能同时在两边" in made.errors["other_name"][0]
    assert (made["asker_name"].value(), made["summary"].value()) == ("赵建国", "楼上空调滴水")
    assert not Dispute.objects.exists()


def test_a_party_twice_is_refused_at_the_field(dispute, group_leader):
    page = f"/disputes/{dispute.number}/parties/"
    form = (
        signed_in(group_leader).post(page, {"side": Side.THIRD, "name": "赵建国", "language": "政和话"}).context["form"]
    )
    assert "不能同时在两边" in form.errors["name"][0]
    assert form["language"].value() == "政和话"


@pytest.mark.parametrize("name", ["𠮷田美子", "买买提·艾合买提", "㛃"])
def test_rare_characters_of_names_are_kept_as_typed(application, resident, name):
    client = signed_in(resident)
    confirm = client.post("/disputes/new/", {**application, "screen": "what", "other_name": name, "other_phone": ""})
    assert name in words(confirm, "//dd")
    client.post("/disputes/new/", {**application, "screen": "confirm", "other_name": name, "other_phone": ""})
    assert f"被申请人 {name}" in client.get(f"/cases/{Case.objects.get().number}/").content.decode()


def test_going_back_keeps_both_screens(application, resident):
    client = signed_in(resident)
    page = client.post("/disputes/new/", {**application, "screen": "what", "to_where": "1"}).content.decode()
    assert 'value="楼上空调滴水"' in page


def test_a_grid_leader_writes_one_down_for_people_without_phones(application, grid_leader, group_leader):
    form = {**application, "source": "grid", "asker_name": "王大妈", "other_phone": "", "scale": "01"}
    page = signed_in(grid_leader).post("/disputes/register/", form)
    assert page.status_code == 302, page.content.decode()
    case = Case.objects.get()
    assert (case.dispute.source, case.holder.person) == (Source.GRID, group_leader)
    assert not any(party.is_willing for party in case.dispute.parties.all())
    assert page["Location"] == "/cases/"  # it is not theirs to see any more


def test_residents_do_not_write_down_for_others(application, resident):
    assert signed_in(resident).get("/disputes/register/").status_code == 403


def test_a_request_becomes_a_dispute_once(application, request_case, grid_leader, neighbour):
    url = f"/disputes/from/{request_case.number}/"
    form = {**application, "source": "other", "asker_name": "王秀英", "scale": "01"}
    assert signed_in(neighbour).get(url).status_code == 404
    assert request_case.title in signed_in(grid_leader).get(url).content.decode()
    assert signed_in(grid_leader).post(url, form).status_code == 302
    dispute = Dispute.objects.get()
    assert (dispute.converted_from, dispute.source) == (request_case, Source.REQUEST)
    assert request_case.events.filter(verb="note").exists()
    assert "已经转过" in signed_in(grid_leader).post(url, form).content.decode()


def test_the_request_a_dispute_came_from_stands_on_its_page(
    application, request_case, grid_leader, group_leader, resident
):
    form = {**application, "source": "other", "asker_name": "王秀英", "scale": "01", "other_phone": ""}
    signed_in(grid_leader).post(f"/disputes/from/{request_case.number}/", form)
    page = f"/cases/{Dispute.objects.get().case.number}/"
    assert request_case.number in signed_in(group_leader).get(page).content.decode()


def test_linked_cases_stand_on_both_pages_for_whoever_may_open_them(dispute, neighbour, resident, group_leader, town):
    other = apply(resident, neighbour, town, key="second")
    draw(dispute, "link", group_leader, number=f" {other.number.lower()} ")
    for here, there in ((dispute, other), (other, dispute)):
        assert there.number in signed_in(group_leader).get(f"/cases/{here.number}/").content.decode()
    third = apply(
        resident,
        None,
        town,
        key="third",
        parties=[
            PartySaid(Side.APPLICANT, person=resident),
            PartySaid(Side.RESPONDENT, name="陈三"),
        ],
    )
    draw(dispute, "link", group_leader, number=third.number)
    assert third.number not in signed_in(neighbour).get(f"/cases/{dispute.number}/").content.decode()


def test_an_organisation_may_ask(application, grid_leader):
    form = {**application, "source": "both", "asker_name": "宜和物业公司", "asker_is_organisation": "on", "scale": "01"}
    assert signed_in(grid_leader).post("/disputes/register/", form).status_code == 302
    assert Dispute.objects.get().parties.get(side=Side.APPLICANT).organisation == "宜和物业公司"


def test_a_further_party_with_an_interpreter(dispute, group_leader):
    url = f"/disputes/{dispute.number}/parties/"
    posted = {"side": Side.THIRD, "name": "阿依古丽", "language": "维吾尔语"}
    assert signed_in(group_leader).post(url, {**posted, "is_said_minor": "on"}).status_code == 200
    assert signed_in(group_leader).post(url, posted).status_code == 302
    assert "需要维吾尔语翻译" in signed_in(group_leader).get(f"/cases/{dispute.number}/").content.decode()


@pytest.mark.parametrize("path", ["disputetype", "plainkind", "reason", "guidance"])
def test_staff_with_rules_edit_the_tables(dispute_defaults, county_admin, worker_at_desk, path):
    assert signed_in(county_admin).get(f"/admin/disputes/{path}/").status_code == 200
    assert signed_in(county_admin).get(f"/admin/disputes/{path}/add/").status_code == 200
    assert signed_in(worker_at_desk).get(f"/admin/disputes/{path}/").status_code == 403
