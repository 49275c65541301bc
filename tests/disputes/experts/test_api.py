"""Experts by the API: found, booked, spoken with; their own hours. The same rights as on the pages."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Case
from disputes.models import DisputeType, ExpertField, Slot
from tests.disputes.experts.panel import THURSDAY, a_photo, enlisted, slot_of
from tests.disputes.experts.test_consultation import PDF
from tests.support.calls import API, App, refused
from tests.support.cast import draw


def test_who_can_be_booked_soonest_comes_first(lawyer, second_lawyer, resident, town, django_assert_num_queries):
    slot_of(second_lawyer)
    app = App(resident)
    rows = app.get("experts/").json()["results"]
    assert [row["id"] for row in rows] == [second_lawyer.pk, lawyer.pk]
    assert rows[0]["next_free_at"] is not None
    assert rows[1]["next_free_at"] is None
    field = ExpertField.objects.get(name="房屋租赁")
    assert len(app.get("experts/", field=field.pk, community=town.community.pk).json()["results"]) == 2
    other = ExpertField.objects.exclude(pk=field.pk).first()
    assert app.get("experts/", field=other.pk).json()["results"] == []
    assert refused(app.get("experts/", field="x", community=town.estate.pk)) == ["field", "community"]
    assert {"id": field.pk, "name": "房屋租赁"} in app.get("expert-fields/").json()


def test_a_list_costs_the_same_however_long(lawyer, resident, town, django_assert_max_num_queries):
    app = App(resident)
    with django_assert_max_num_queries(20) as few:
        app.get("experts/")
    for serial in range(50, 56):
        enlisted(f"律师{serial}", serial, town)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(app.get("experts/").json()["results"]) == 7


def test_booking_a_time(lawyer, resident, neighbour, town, staff):
    slot, app = slot_of(lawyer), App(resident)
    card = app.get(f"experts/{lawyer.pk}/").json()
    assert [offered["id"] for offered in card["slots"]] == [slot.pk]
    body = {
        "slot": slot.pk, "field": card["fields_of_work"][0]["id"], "community": card["communities"][0]["id"],
        "matter": "房东不退押金", "key": str(uuid.uuid4()),
    }  # fmt: skip
    assert refused(app.post(f"experts/{lawyer.pk}/book/", {**body, "matter": " "})) == ["matter"]
    answer = app.twice(f"experts/{lawyer.pk}/book/", body)
    assert (answer.status_code, answer.json()["state"]) == (201, "booked")
    assert Case.objects.filter(kind="consultation").count() == 1
    late = App(neighbour).post(f"experts/{lawyer.pk}/book/", {**body, "key": str(uuid.uuid4())})
    assert refused(late) == ["slot"]
    assert app.get("experts/9999/").status_code == 404


def test_the_two_write_to_each_other_and_nobody_else_reads_it(talking, resident, lawyer, neighbour, staff):
    path, app = f"consultations/{talking.number}/", App(resident)
    assert refused(app.post(f"{path}messages/", {"words": ""})) == ["words"]
    answer = app.twice(f"{path}messages/", {"words": "押金两千元"})
    assert [message["words"] for message in answer.json()["messages"]] == ["押金两千元"]
    sent = {"photos": [a_photo()], "papers": [SimpleUploadedFile("合同.pdf", PDF)]}
    app.client.post(f"{API}/{path}messages/", sent)
    read = App(lawyer.person)
    first, second = read.get(path).json()["messages"]
    assert (first["is_mine"], first["by"]) == (False, resident.name)
    photo, paper = second["files"]
    assert read.client.get(photo["thumbnail_url"])["Content-Type"] == "image/jpeg"
    assert read.client.get(paper["url"], headers={"Accept": "application/pdf"})["Content-Type"] == "application/pdf"
    assert paper["thumbnail_url"] == ""
    for stranger in (neighbour, staff["community_worker"]):
        assert App(stranger).get(path).status_code == 404
        assert App(stranger).post(f"{path}messages/", {"words": "我也说"}).status_code == 404
        assert App(stranger).client.get(photo["url"]).status_code == 404


def test_from_the_expert_s_proposal_to_mediation_and_a_word_at_the_end(talking, resident, lawyer, town):
    draw(talking, "propose", lawyer.person, at=THURSDAY, type=DisputeType.objects.get(code="0602"))
    app, path = App(resident), f"cases/{talking.number}/acts"
    assert app.get(f"consultations/{talking.number}/").json()["summary_to_copy"]
    version = app.get(f"cases/{talking.number}/").json()["version"]
    body = {
        "version": version, "place": town.estate.pk, "building": town.building.pk, "other_name": "房东", "summary": "押金",
    }  # fmt: skip
    assert refused(app.post(f"{path}/agree_mediation/", {**body, "other_name": ""})) == ["other_name"]
    assert app.twice(f"{path}/agree_mediation/", body).status_code == 200
    assert Case.objects.filter(kind="dispute").count() == 1
    ended = App(lawyer.person).post(f"{path}/finish/", {"version": talking_version(talking)})
    assert ended.json()["state"] == "rating"
    rated = app.post(f"{path}/rate/", {"version": ended.json()["version"], "score": 5, "advice": "讲得清楚"})
    assert rated.json()["state"] == "archived"
    talking.consultation.refresh_from_db()
    assert (talking.consultation.score, talking.consultation.advice) == (5, "讲得清楚")


def talking_version(case: Case) -> int:
    case.refresh_from_db()
    return case.version


def test_an_expert_s_own_hours(lawyer, resident):
    app, day = App(lawyer.person), THURSDAY.date().isoformat()
    wrong = app.post("experts/hours/", {"day": day, "begins": "10:00", "ends": "09:00"})
    assert refused(wrong) == ["ends"]
    answer = app.twice("experts/hours/", {"day": day, "begins": "09:00", "ends": "10:00"})
    [mine] = answer.json()
    assert (answer.status_code, mine["is_taken"], mine["place"]) == (201, False, "线上")
    assert app.get("experts/hours/").json() == [mine]
    assert App(resident).get("experts/hours/").status_code == 404
    assert App(resident).post(f"experts/hours/{mine['id']}/withdraw/").status_code == 404
    assert app.twice(f"experts/hours/{mine['id']}/withdraw/").status_code == 204
    assert Slot.objects.get().withdrawn_at is not None


def test_a_photo_is_for_who_is_signed_in(lawyer, resident, client):
    assert App(resident).get(f"experts/{lawyer.pk}/photo/").status_code == 404
    assert client.get(f"{API}/experts/").status_code == 403
