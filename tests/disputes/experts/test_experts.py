"""The panel: who is shown, cards and filters, ratings, terms, hours; the staff's desk for it; the demonstration."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.models import Case
from disputes.experts.demo import seed_experts
from disputes.experts.services import panel
from disputes.models import Consultation, Expert, ExpertField, Slot, Training
from disputes.models.expert import spoken
from grids import demo
from grids.posts.services import appoint, vacate
from tests.disputes.experts.panel import THURSDAY, a_photo, booked, enlisted, slot_of
from tests.support.cast import MONDAY, draw, post_of, signed_in
from tests.support.pages import MESSAGE, inside, value

CARD = "//*[contains(@class, 'expert-card')]"


@pytest.fixture
def soon(lawyer) -> Slot:
    """Pages go by the clock on the wall."""
    at = timezone.now()
    return slot_of(lawyer, at + timedelta(days=2), at=at)


def test_cards_show_name_kind_field_and_next_free_time(soon, lawyer, resident):
    page = signed_in(resident).get("/experts/").content.decode()
    card = inside(page, CARD)
    for words in ("张律师", "律师", "房屋租赁", f"最早 {spoken(soon.from_at)}"):
        assert words in card
    assert "人评价" not in page


def test_filters_work_as_plain_links(soon, lawyer, resident, town):
    enlisted("何心理", 4, town, field="心理疏导", kind="psychologist")
    enlisted("远律师", 5, town, grid=town.other_street, communities=[town.other_community])
    field = ExpertField.objects.get(name="房屋租赁").pk
    page = signed_in(resident).get(f"/experts/?field={field}&community={town.community.pk}").content.decode()
    assert "张律师" in inside(page, CARD)
    assert "何心理" not in page
    assert "远律师" not in page


def test_who_is_not_listed_or_past_their_term_is_not_shown(lawyer, second_lawyer, resident):
    Expert.objects.filter(pk=lawyer.pk).update(is_listed=False)
    vacate(post=second_lawyer.person.posts.get(), at=timezone.now())
    page = signed_in(resident).get("/experts/").content.decode()
    assert "没有合适的专家" in page
    for expert in (lawyer, second_lawyer):
        assert signed_in(resident).get(f"/experts/{expert.pk}/").status_code == 404
        assert signed_in(resident).get(f"/experts/{expert.pk}/photo/").status_code == 404


def test_an_average_is_shown_from_three_ratings_on(lawyer, resident, town):
    for number, score in enumerate((5, 4, 4)):
        case = booked(
            slot_of(lawyer, THURSDAY + timedelta(hours=2 * number)), _person(number), town.community, key=str(number)
        )
        Consultation.objects.filter(pk=case.pk).update(score=score, rated_at=MONDAY)
        page = signed_in(resident).get("/experts/").content.decode()
        assert ("4.3 分（3 人评价）" in page) is (number == 2)
    expert = Expert.objects.with_card(MONDAY).get(pk=lawyer.pk)
    assert (expert.rated_count, expert.rated_sum, expert.load) == (3, 13, 3)


def _person(number: int) -> User:
    return User.objects.create_user(phone=f"1370000{number:04d}", name=f"居民{number}")


def test_parties_words_on_a_mediation_count_too(dispute, lawyer, resident, neighbour, group_leader):
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", group_leader)
    draw(dispute, "name_mediators", group_leader, mediators=[post_of(lawyer.person)])
    dispute.dispute.parties.filter(person=resident).update(score=4, rated_at=MONDAY)
    expert = Expert.objects.with_card(MONDAY).get(pk=lawyer.pk)
    assert (expert.rated_count, expert.rated_sum) == (1, 4)


def test_booking_takes_three_screens(soon, lawyer, resident, town):
    client = signed_in(resident)
    assert f"/experts/{lawyer.pk}/" in client.get("/experts/").content.decode()
    page = client.get(f"/experts/{lawyer.pk}/").content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    posted = {
        "slot": soon.pk,
        "field": lawyer.fields.get().pk,
        "community": town.community.pk,
        "matter": "押金",
        "key": key,
    }
    done = client.post(f"/experts/{lawyer.pk}/", posted)
    case = Case.objects.get(kind="consultation")
    assert done["Location"] == case.get_absolute_url()
    assert client.post(f"/experts/{lawyer.pk}/", posted).status_code == 200  # the slot is no choice any more
    assert Case.objects.filter(kind="consultation").count() == 1
    assert "等专家答复" in client.get(done["Location"]).content.decode()


@pytest.mark.parametrize(
    ("from_in", "hours", "words"),
    [(-1, 1, "已经过去"), (24 * 100, 1, "三个月以内"), (24, -1, "晚于开始"), (24, 5, "最多四小时"), (24, 1, "")],
)
def test_slots_lie_ahead_and_are_short(lawyer, from_in, hours, words):
    from_at = MONDAY + timedelta(hours=from_in)

    def make() -> Slot:
        return panel.open_slot(
            expert=lawyer, from_at=from_at, until_at=from_at + timedelta(hours=hours), place="", at=MONDAY
        )

    if words:
        with pytest.raises(ValidationError, match=words):
            make()
    else:
        assert make().where == "线上"


def test_slots_of_one_expert_do_not_overlap(slot, lawyer, second_lawyer):
    for shift in (timedelta(minutes=-30), timedelta(minutes=30), timedelta()):
        with pytest.raises(ValidationError, match="重叠"):
            slot_of(lawyer, THURSDAY + shift)
    slot_of(lawyer, THURSDAY + timedelta(hours=1))  # the next one begins where the first ends
    slot_of(second_lawyer)
    with pytest.raises(IntegrityError):
        Slot.objects.create(expert=lawyer, from_at=THURSDAY, until_at=THURSDAY + timedelta(hours=1))


def test_a_withdrawn_slot_makes_room(slot, lawyer):
    panel.withdraw_slot(slot=slot, at=MONDAY)
    assert slot_of(lawyer).pk != slot.pk


def test_slots_lie_within_the_term(lawyer):
    post = lawyer.person.posts.get()
    post.until_at = THURSDAY
    post.save()
    with pytest.raises(ValidationError, match="不在聘期内"):
        slot_of(lawyer)


def test_a_weekly_pattern_makes_slots_once(lawyer):
    week = {"weekdays": [1, 3], "begins": time(9), "ends": time(11, 30), "minutes": 60, "weeks": 2, "place": "议事亭"}
    assert panel.open_week(expert=lawyer, at=MONDAY, **week) == 8
    assert panel.open_week(expert=lawyer, at=MONDAY, **week) == 0
    assert panel.open_week(expert=lawyer, at=MONDAY + timedelta(days=7), **week) == 4
    with pytest.raises(ValidationError, match="放不下"):
        panel.open_week(expert=lawyer, at=MONDAY, **{**week, "ends": time(9, 30)})


def test_appointed_again_after_the_term(lawyer, town, street_cadre):
    with pytest.raises(ValidationError, match="不用重复任命"):
        enlisted_again(lawyer, town)
    vacate(post=lawyer.person.posts.get(), at=MONDAY)
    assert not Expert.objects.serving(MONDAY).exists()
    enlisted_again(lawyer, town)
    assert Expert.objects.serving(MONDAY).get() == lawyer


def enlisted_again(lawyer: Expert, town) -> None:
    post = appoint(person=lawyer.person, role="expert", grid=town.street, from_at=MONDAY)
    panel.enlist(post=post, kind="lawyer", fields=lawyer.fields.all(), communities=[town.community])


ADMIN = "/admin/disputes/expert/"


def page_of(act: str, expert: Expert) -> str:
    return reverse(f"admin:disputes_expert_{act}", args=[expert.pk])


def test_staff_enlist_open_hours_and_change_the_photo(dispute_defaults, staff, town, secretary):
    client = signed_in(secretary)
    posted = {
        "phone": "13900139000", "name": "新律师", "kind": "lawyer", "fields_": [ExpertField.objects.first().pk],
        "communities": [town.community.pk], "languages": "普通话", "grid": town.community.pk,
    }  # fmt: skip
    page = client.post(f"{ADMIN}add/", posted)
    assert page.status_code == 302, page.content.decode()
    expert = Expert.objects.get()
    hours = {"weekdays": ["1", "3"], "begins": "09:00", "ends": "11:00", "minutes": 60, "weeks": 2}
    assert client.post(page_of("open_week", expert), hours).status_code == 302
    assert Slot.objects.count() == 8
    assert "都已经有了" in client.post(page_of("open_week", expert), hours).content.decode()
    assert client.post(page_of("change_photo", expert), {"photo": a_photo()}).status_code == 302
    assert signed_in(secretary).get(f"/experts/{expert.pk}/photo/").status_code == 200
    Training.objects.create(expert=expert, held_on=MONDAY.date(), topic="民法典", hours=8)
    row = inside(client.get(ADMIN), "//table//tr")
    for words in ("新律师", "1 次", "长期"):
        assert words in row
    assert value(client.get(f"{ADMIN}{expert.pk}/change/"), "trainings-0-topic") == "民法典"


def test_a_refused_photo_is_said_at_the_field(lawyer, street_cadre):
    page = signed_in(street_cadre).post(page_of("change_photo", lawyer), {"photo": SimpleUploadedFile("x.jpg", b"MZ")})
    assert "不是照片" in page.content.decode()


def test_only_who_appoints_there_manages_an_expert(lawyer, staff):
    for role, status in (("street_cadre", 200), ("county_admin", 200), ("community_worker", 403)):
        assert signed_in(staff[role]).get(ADMIN).status_code == status
    for role in ("other_cadre", "community_secretary"):  # the expert sits at the street
        assert "张律师" not in signed_in(staff[role]).get(ADMIN).content.decode()
        assert signed_in(staff[role]).get(page_of("open_week", lawyer)).status_code == 404


def test_the_desk_sees_that_a_booking_waits_and_no_words(consultation, worker_at_desk, staff, resident):
    page = signed_in(worker_at_desk).get("/admin/disputes/consultation/").content.decode()
    for words in (consultation.number, "房屋租赁", "待接单", "张律师"):
        assert words in inside(page, "//table//tr")
    for words in ("押金", resident.name):
        assert words not in page
    assert (
        consultation.number not in signed_in(staff["other_cadre"]).get("/admin/disputes/consultation/").content.decode()
    )


def test_slots_are_withdrawn_in_the_admin_unless_booked(consultation, lawyer, street_cadre):
    at = timezone.now()
    Slot.objects.filter(bookings__isnull=False).update(
        from_at=at + timedelta(days=5), until_at=at + timedelta(days=5, hours=1)
    )
    free = slot_of(lawyer, at + timedelta(days=9), at=at)
    ids = [str(pk) for pk in Slot.objects.values_list("pk", flat=True)]
    page = (
        signed_in(street_cadre)
        .post("/admin/disputes/slot/", {"action": "withdraw", "_selected_action": ids}, follow=True)
        .content.decode()
    )
    assert "已经有人约了" in page
    assert list(Slot.objects.exclude(withdrawn_at=None)) == [free]


@pytest.fixture
def demonstration(dispute_defaults) -> None:
    demo.seed_demo(at=timezone.now())


def test_the_demonstration_panel_grows_by_weeks_and_goes_away(demonstration):
    at = timezone.now()
    made = seed_experts(at=at)
    assert Expert.objects.serving(at).count() == 18
    assert set(Expert.objects.values_list("kind", flat=True)) == {
        "lawyer",
        "mediator",
        "psychologist",
        "elder",
        "police",
    }
    served = set(Expert.objects.values_list("communities", flat=True))
    assert len(served) == 12
    assert made == Slot.objects.filter(from_at__gt=at).count() > 100
    assert seed_experts(at=at) == 0
    assert seed_experts(at=at + timedelta(days=7)) > 50
    assert [label for label, _ in demo.sign_ins()].count("调解专家") == 1
    assert Expert.objects.with_card(at).filter(rated_count__gte=3).count() == 6
    assert list(unsound_cases()) == []


@pytest.fixture
def on_the_panel(lawyer, town) -> Expert:
    """In post at the hour the pages ask for."""
    return enlisted("王律师", 8, town, until_at=timezone.now() + timedelta(days=60))


def test_an_expert_opens_and_withdraws_their_own_hours(on_the_panel, resident, town):
    client = signed_in(on_the_panel.person)
    assert "我的时段" in client.get("/", follow=True).content.decode(), "in the navigation"
    day = timezone.localdate() + timedelta(days=3)
    posted = {"day": f"{day:%Y-%m-%d}", "begins": "09:00", "ends": "10:00", "place": "宜和社区议事亭"}
    page = client.post("/experts/hours/", posted, follow=True).content.decode()
    assert "居民可以约了" in page
    slot = Slot.objects.get(expert=on_the_panel)
    assert (timezone.localtime(slot.from_at).hour, slot.where) == (9, "宜和社区议事亭")
    assert slot.when in signed_in(resident).get(f"/experts/{on_the_panel.pk}/").content.decode()
    case = booked(slot, resident, town.community, at=timezone.now())
    withdraw = f"/experts/hours/{slot.pk}/withdraw/"
    assert "已经有人约了" in client.post(withdraw, follow=True).content.decode()
    draw(case, "cancel", resident, at=timezone.now())
    assert "撤下了" in inside(client.post(withdraw, follow=True), MESSAGE)
    assert slot.when not in client.get("/experts/hours/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"day": "2020-01-01"}, "begins", "已经过去"),
        ({"ends": "08:00"}, "ends", "晚于开始"),
        ({"ends": "20:00"}, "ends", "最多四小时"),
        ({"begins": ""}, "begins", "请填几点开始"),
        ({"day": "明天"}, "day", "请写成 2026-11-23"),
        ({"place": "长" * 61}, "place", "您写了 61 字"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_the_field(on_the_panel, wrong, field, words):
    day = timezone.localdate() + timedelta(days=3)
    posted = {"day": f"{day:%Y-%m-%d}", "begins": "09:00", "ends": "10:00", "place": "议事亭", **wrong}
    form = signed_in(on_the_panel.person).post("/experts/hours/", posted).context["form"]
    assert words in form.errors[field][0]
    assert form[field].value() == posted[field], "kept as typed"
    assert not Slot.objects.filter(expert=on_the_panel).exists()


def test_nobody_touches_anothers_hours(on_the_panel, slot, resident, staff):
    withdraw = f"/experts/hours/{slot.pk}/withdraw/"
    assert signed_in(on_the_panel.person).post(withdraw).status_code == 404
    for person in (resident, staff["street_cadre"]):
        assert signed_in(person).get("/experts/hours/").status_code == 404
        assert signed_in(person).post(withdraw).status_code == 404
    slot.refresh_from_db()
    assert slot.withdrawn_at is None
