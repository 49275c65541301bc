"""Pages: applying on three screens, writing down for others, converting a request; errors at the field, typed words kept."""

from uuid import uuid4

import pytest

from cases.models import Case
from disputes.models import Dispute, DisputeType, Side, Source
from tests.cast import signed_in


@pytest.fixture
def said(dispute_defaults, town, staff) -> dict:
    return {
        "key": str(uuid4()), "place": town.estate.pk, "building": town.building.pk, "place_note": "502",
        "type": DisputeType.objects.get(code="0201").pk, "summary": "楼上空调滴水", "other_name": "赵建国",
        "other_phone": "13800130002",
    }  # fmt: skip


def test_three_screens_make_a_dispute(said, resident, neighbour, group_leader):
    client = signed_in(resident)
    assert "在哪里" in client.get("/disputes/new/").content.decode()
    what = client.post("/disputes/new/", {**said, "screen": "where"}).content.decode()
    assert "和谁，什么事？" in what
    confirm = client.post("/disputes/new/", {**said, "screen": "what"}).content.decode()
    assert "看一看，对不对" in confirm
    assert not Dispute.objects.exists()
    done = client.post("/disputes/new/", {**said, "screen": "confirm"})
    case = Case.objects.get()
    assert done["Location"] == f"/cases/{case.number}/"
    assert case.holder.person == group_leader
    assert {party.person for party in case.dispute.parties.all()} == {resident, neighbour}
    client.post("/disputes/new/", {**said, "screen": "confirm"})
    assert Case.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_missing(said, resident):
    page = signed_in(resident).post("/disputes/new/", {**said, "screen": "what", "other_name": ""}).content.decode()
    assert "请写明和谁有纠纷" in page
    assert "楼上空调滴水" in page
    page = (
        signed_in(resident).post("/disputes/new/", {**said, "screen": "what", "summary": "长" * 2001}).content.decode()
    )
    assert "最多 2000 字，您写了 2001 字" in page


def test_a_dispute_with_oneself_is_refused_in_words(said, resident):
    page = signed_in(resident).post("/disputes/new/", {**said, "screen": "confirm", "other_phone": resident.phone})
    assert "不能同时在两边" in page.content.decode()
    assert not Dispute.objects.exists()


def test_going_back_keeps_both_screens(said, resident):
    client = signed_in(resident)
    page = client.post("/disputes/new/", {**said, "screen": "what", "to_where": "1"}).content.decode()
    assert 'value="楼上空调滴水"' in page


def test_a_grid_leader_writes_one_down_for_people_without_phones(said, grid_leader, group_leader):
    form = {**said, "source": "grid", "asker_name": "王大妈", "other_phone": "", "scale": "01"}
    page = signed_in(grid_leader).post("/disputes/register/", form)
    assert page.status_code == 302, page.content.decode()
    case = Case.objects.get()
    assert (case.dispute.source, case.holder.person) == (Source.GRID, group_leader)
    assert not any(party.is_willing for party in case.dispute.parties.all())
    assert page["Location"] == "/cases/"  # it is not theirs to see any more


def test_residents_do_not_write_down_for_others(said, resident):
    assert signed_in(resident).get("/disputes/register/").status_code == 403


def test_a_request_becomes_a_dispute_once(said, request_case, grid_leader, neighbour):
    url = f"/disputes/from/{request_case.number}/"
    form = {**said, "source": "other", "asker_name": "王秀英", "scale": "01"}
    assert signed_in(neighbour).get(url).status_code == 404
    assert request_case.title in signed_in(grid_leader).get(url).content.decode()
    assert signed_in(grid_leader).post(url, form).status_code == 302
    dispute = Dispute.objects.get()
    assert (dispute.converted_from, dispute.source) == (request_case, Source.REQUEST)
    assert request_case.events.filter(verb="note").exists()
    assert "已经转过" in signed_in(grid_leader).post(url, form).content.decode()


def test_a_further_party_with_an_interpreter(dispute, group_leader):
    url = f"/disputes/{dispute.number}/parties/"
    said = {"side": Side.THIRD, "name": "阿依古丽", "language": "维吾尔语"}
    assert signed_in(group_leader).post(url, {**said, "is_minor": "on"}).status_code == 200
    assert signed_in(group_leader).post(url, said).status_code == 302
    assert "需要维吾尔语翻译" in signed_in(group_leader).get(f"/cases/{dispute.number}/").content.decode()


@pytest.mark.parametrize("path", ["disputetype", "reason", "guidance"])
def test_staff_with_rules_edit_the_tables(dispute_defaults, county_admin, worker_at_desk, path):
    assert signed_in(county_admin).get(f"/admin/disputes/{path}/").status_code == 200
    assert signed_in(county_admin).get(f"/admin/disputes/{path}/add/").status_code == 200
    assert signed_in(worker_at_desk).get(f"/admin/disputes/{path}/").status_code == 403
