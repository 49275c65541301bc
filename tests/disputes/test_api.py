"""Disputes by the API, beside the acts on one: applied for, taken down, spoken of alone. The same rights as on the pages."""

import uuid

import pytest

from cases.models import Case
from disputes.models import DisputeType, Party, PlainKind
from tests.support.calls import App, refused
from tests.support.cast import draw


@pytest.fixture
def body(dispute_defaults, town, staff):
    kind = PlainKind.objects.filter(is_active=True).first()
    return {
        "place": town.estate.pk,
        "building": town.building.pk,
        "plain_kind": kind.pk,
        "summary": "楼上漏水",
        "other_name": "赵某",
        "key": str(uuid.uuid4()),
    }


def test_applying_for_mediation(body, resident):
    app = App(resident)
    assert refused(app.post("disputes/", {**body, "other_name": "", "summary": ""})) == ["summary", "other_name"]
    assert refused(app.post("disputes/", {**body, "other_phone": resident.phone})) == ["other_name"]
    made = app.twice("disputes/", body)
    assert (made.status_code, Case.objects.filter(kind="dispute").count()) == (201, 1)
    assert app.post("disputes/", body).json()["number"] == made.json()["number"]  # the same key of the app's own


def test_taking_one_down_and_making_one_of_a_request(body, request_case, resident, grid_leader, other_cadre):
    app = App(grid_leader)
    register = {
        **body, "type": DisputeType.objects.get(code="0201").pk, "source": "grid", "asker_name": "孙某", "scale": "01",
    }  # fmt: skip
    assert refused(app.post("disputes/register/", {**register, "asker_name": ""})) == ["asker_name"]
    assert app.twice("disputes/register/", register).status_code == 201
    assert App(resident).post("disputes/register/", register).status_code == 403
    path = f"disputes/from/{request_case.number}/"
    assert App(resident).post(path, register).status_code == 404
    assert App(other_cadre).post(path, register).status_code == 404
    assert app.twice(path, {**register, "key": str(uuid.uuid4())}).status_code == 201
    assert Case.objects.filter(kind="dispute").count() == 2


def test_what_one_side_says_alone_the_other_does_not_read(dispute, staff, resident, neighbour, grid_leader):
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", staff["group_leader"])
    path, app, mediator = f"disputes/{dispute.number}/talk/", App(resident), App(staff["group_leader"])
    assert refused(app.post(path, {"words": " "})) == ["words"]
    [mine] = app.twice(path, {"words": "其实我愿意让一步"}).json()
    assert (mine["is_mine"], [note["words"] for note in mine["notes"]]) == (True, ["其实我愿意让一步"])
    [other] = App(neighbour).get(path).json()
    assert other["notes"] == []
    assert len(mediator.get(path).json()) == 2
    theirs = Party.objects.get(person=neighbour).pk
    assert refused(app.post(path, {"words": "给你", "party": theirs})) == ["party"]
    assert mediator.post(path, {"words": "您怎么看", "party": theirs}).status_code == 200
    assert [note["words"] for note in App(neighbour).get(path).json()[0]["notes"]] == ["您怎么看"]
    assert App(grid_leader).get(path).status_code == 404
    assert App(grid_leader).post(path, {"words": "我也说"}).status_code == 404
