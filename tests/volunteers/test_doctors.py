"""家庭医生签约: asked for, matched to the centre of the place, signed by it for a year, counted, renewed, ended; guarded."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models.audit import Act, AuditLine
from accounts.privacy.holdings import KEEPINGS
from accounts.privacy.rights import erase, held
from grids.models import UnitKind
from grids.units.services import register_unit
from tests.dashboards.cuts import come_to, cut, overview
from tests.support.cast import MONDAY, _appointed, readable_in_a_dump, signed_in
from tests.support.heard import heard, heard_once
from tests.support.pages import CARD, ERROR, MAIN, inside, value
from volunteers.models import DoctorSigning, Membership, Need, Resource
from volunteers.services import doctors, solving

LATER = MONDAY + timedelta(days=2)


def make_centre(name, serial, grid, kinds):
    """A health centre that serves `grid`, with its liaison."""
    unit = register_unit(name=name, kind=UnitKind.OFFICE)
    liaison = _appointed(f"{name}联络员", serial, "unit_liaison", grid)
    Membership.objects.create(unit=unit, person=liaison, employment="in_service", from_at=MONDAY)
    Resource.objects.create(
        name="家庭医生团队",
        kind="people",
        category=kinds["家庭医生签约"],
        unit=unit,
        grid=grid,
        from_date=date(2026, 1, 1),
    )
    return unit, liaison


@pytest.fixture
def centre(kinds, town):
    return make_centre("宜和社区卫生服务中心", 130, town.community, kinds)


@pytest.fixture
def asked(centre, resident, town):
    return doctors.ask(by=resident, person=resident, grid=town.grid, at=MONDAY, has_agreed=True)


def sign(asked, centre, *, at=LATER, **more):
    fields = {"doctor": "李医生团队", "signed_date": timezone.localdate(at), "by": centre[1], "at": at, **more}
    return doctors.sign(signing=asked, **fields)


def numbers(at=LATER) -> tuple[int, int]:
    """How many have asked, and how many of them are signed that day."""
    return come_to(cut(), "doctor_asked", at=at), come_to(cut(), "doctor_signed", at=at)


def test_it_is_matched_to_the_nearest_centre_that_serves_the_place(kinds, town, centre, resident, neighbour):
    make_centre("县医院", 131, town.street, kinds)
    make_centre("东平镇卫生院", 132, town.other_street, kinds)
    here = doctors.ask(by=resident, person=resident, grid=town.grid, at=MONDAY, has_agreed=True)
    there = doctors.ask(by=neighbour, person=neighbour, grid=town.other_grid, at=MONDAY, has_agreed=True)
    assert (here.unit.name, there.unit.name) == ("宜和社区卫生服务中心", "东平镇卫生院")
    here.need.refresh_from_db()
    assert (here.need.state, here.need.source) == ("adopted", "own")
    assert heard_once("申请家庭医生", centre[1]).path == f"/volunteers/doctor/{here.need.key}/"


def test_without_a_centre_it_waits_on_the_list_until_the_desk_has_one(kinds, town, resident, staff):
    asked = doctors.ask(by=resident, person=resident, grid=town.grid, at=timezone.now(), has_agreed=True)
    assert (asked.unit, asked.need.state) == (None, "open")
    desk, url = signed_in(staff["community_worker"]), f"/volunteers/doctor/{asked.need.key}/"
    assert "还没有负责这里的签约机构" in inside(desk.post(url, {"act": "match"}, follow=True))
    make_centre("宜和社区卫生服务中心", 130, town.community, kinds)
    assert "已交给宜和社区卫生服务中心" in inside(desk.post(url, {"act": "match"}, follow=True))
    asked.need.refresh_from_db()
    assert asked.need.state == "adopted"


def test_asking_needs_consent_and_is_once(asked, resident, neighbour, town):
    common = {"by": neighbour, "person": neighbour, "grid": town.grid, "at": MONDAY}
    with pytest.raises(ValidationError, match="本人同意"):
        doctors.ask(**common, has_agreed=False)
    with pytest.raises(ValidationError, match="已经申请过"):
        doctors.ask(by=resident, person=resident, grid=town.grid, at=MONDAY, has_agreed=True)
    neighbour.birth_date = date(2015, 1, 1)
    with pytest.raises(ValidationError, match="请监护人"):
        doctors.ask(**common, has_agreed=True)
    assert DoctorSigning.objects.count() == Need.objects.count() == 1


def test_the_centre_signs_for_a_year_and_whoever_asked_has_the_word(asked, centre, resident, worker_at_desk):
    for stranger in (worker_at_desk, resident):
        with pytest.raises(ValidationError, match="签约机构的联络员"):
            sign(asked, centre, by=stranger)
    for day in (date(2026, 11, 22), date(2026, 11, 26)):
        with pytest.raises(ValidationError, match="申请之后、今天或以前"):
            sign(asked, centre, signed_date=day)
    with pytest.raises(ValidationError, match="医生或团队"):
        sign(asked, centre, doctor=" ")
    assert numbers() == (1, 0)
    term = sign(asked, centre)
    assert (term.from_date, term.until_date) == (date(2026, 11, 25), date(2027, 11, 24))
    assert numbers() == (1, 1)
    need = Need.objects.get()
    assert need.state == "reported"
    solving.confirm(need=need, by=resident, at=LATER, is_solved=True)
    need.refresh_from_db()
    assert (need.state, need.word) == ("solved", "beneficiary")


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(date(2026, 11, 25), date(2027, 11, 24)), (date(2028, 2, 29), date(2029, 2, 28)), (date(2027, 3, 1), date(2028, 2, 29)),
     (date(2026, 1, 1), date(2026, 12, 31))],
)  # fmt: skip
def test_a_term_is_a_year(begins, ends):
    assert doctors.last_day(begins) == ends


def test_it_runs_out_and_is_renewed_from_the_day_after(asked, centre, resident):
    sign(asked, centre)
    ends = MONDAY.replace(year=2027, month=11, day=24)
    with pytest.raises(ValidationError, match="到期前 60 天内再续约"):
        sign(asked, centre, at=ends - timedelta(days=61))
    assert (numbers(ends), numbers(ends + timedelta(days=1))) == ((1, 1), (1, 0))
    term = sign(asked, centre, at=ends - timedelta(days=60), doctor="王医生团队")
    assert (term.from_date, term.until_date) == (date(2027, 11, 25), date(2028, 11, 24))
    assert numbers(ends + timedelta(days=1)) == (1, 1)
    assert len(heard("续约到 2028年11月24日", resident)) == 1


def test_it_ends_with_a_reason_and_counts_no_more(asked, centre, resident, grid_leader, neighbour):
    for stranger in (neighbour, grid_leader):
        with pytest.raises(ValidationError, match="不由您结束"):
            doctors.end(signing=asked, reason="不要了", by=stranger, at=LATER)
    with pytest.raises(ValidationError, match="写明原因"):
        doctors.end(signing=asked, reason="", by=resident, at=LATER)
    doctors.end(signing=asked, reason="搬走了", by=resident, at=LATER)
    assert numbers() == (0, 0)
    assert Need.objects.get().state == "unmet"
    with pytest.raises(ValidationError, match="已经结束"):
        sign(asked, centre)
    assert doctors.ask(by=resident, person=resident, grid=asked.need.grid, at=LATER, has_agreed=True).pk != asked.pk


def test_the_figures_count_signed_of_asked_by_community_and_name_nobody(
    asked, centre, town, neighbour, staff, resident
):
    doctors.ask(by=neighbour, person=neighbour, grid=town.estate, at=MONDAY, has_agreed=True)
    sign(asked, centre)
    _, shown = overview(LATER)
    assert shown["doctors"] == {
        "宜和社区": {"doctor_asked": 2, "doctor_signed": 1},
        "东平社区": {"doctor_asked": 0, "doctor_signed": 0},
    }
    for measure, number in (("doctor_asked", 2), ("doctor_signed", 1)):
        for where in (cut(), cut(node=town.community)):
            assert come_to(where, measure, at=LATER) == number
    desk = signed_in(staff["community_worker"])
    page = inside(desk.get("/volunteers/figures/doctor_asked/"))
    assert "宜和佳苑" in page
    assert resident.name not in page
    assert "申请家庭医生" in inside(desk.get("/volunteers/figures/"), "//section[@aria-labelledby='doctors']")


def test_name_and_phone_are_for_those_who_need_them(asked, centre, resident, staff, other_cadre, neighbour):
    url = f"/volunteers/doctor/{asked.need.key}/"
    assert readable_in_a_dump() == []
    for who in ("community_worker", "grid_leader"):
        page = inside(signed_in(staff[who]).get(url))
        assert "家庭医生签约" in page
        assert resident.name not in page
        assert "****" not in page
    for stranger in (other_cadre, neighbour):
        assert signed_in(stranger).get(url).status_code == 404
    client = signed_in(centre[1])
    page = inside(client.get(url))
    assert f"{resident.name} 138****0001" in page
    assert resident.phone not in page
    assert "为什么查看" in inside(client.post(url, {"act": "phone", "reason": ""}), ERROR)
    assert not AuditLine.objects.filter(act=Act.REVEAL).exists()
    assert resident.phone in inside(client.post(url, {"act": "phone", "reason": "约签约时间"}))
    assert AuditLine.objects.filter(act=Act.REVEAL, about=resident.pk, by=centre[1].pk).count() == 1
    refused = signed_in(staff["community_worker"]).post(url, {"act": "phone", "reason": "看看"})
    assert resident.phone not in refused.content.decode()


def test_from_the_phone_to_the_signature(centre, resident, town):
    client = signed_in(resident)
    assert "请选择居住的小区" in inside(client.post("/volunteers/doctor/", {"has_agreed": "on"}), ERROR)
    assert "本人同意" in inside(client.post("/volunteers/doctor/", {"grid": town.estate.pk}), ERROR)
    posted = {"grid": town.estate.pk, "has_agreed": "on"}
    assert "签约机构会打电话" in inside(client.post("/volunteers/doctor/", posted, follow=True))
    asked = DoctorSigning.objects.get()
    liaison, url = signed_in(centre[1]), f"/volunteers/doctor/{asked.need.key}/"
    assert resident.name in inside(liaison.get("/volunteers/doctor/"), "//section[@aria-labelledby='centre']")
    assert resident.name not in inside(
        signed_in(resident).get("/volunteers/doctor/"), "//section[@aria-labelledby='centre']"
    )
    kept = liaison.post(url, {"act": "sign", "doctor": "李医生团队", "signed_date": "2020-01-01"})
    assert "申请之后" in inside(kept, ERROR)
    assert value(kept, "doctor") == "李医生团队"
    today = timezone.localdate().isoformat()
    assert "服务期到" in inside(
        liaison.post(url, {"act": "sign", "doctor": "李医生团队", "signed_date": today}, follow=True)
    )
    assert "李医生团队" in inside(client.get("/volunteers/doctor/"), MAIN)


def test_the_grid_leader_asks_for_somebody(centre, town, grid_leader, other_cadre, worker_at_desk, neighbour):
    client = signed_in(grid_leader)
    posted = {"name": "陈奶奶", "phone": "138 0013 9999", "grid": town.grid.pk, "has_agreed": "on"}
    assert signed_in(neighbour).get("/volunteers/doctor/for/").status_code == 403
    wrong = client.post("/volunteers/doctor/for/", {**posted, "phone": "12"})
    assert "11 位" in inside(wrong, ERROR)
    assert value(wrong, "name") == "陈奶奶"
    url = client.post("/volunteers/doctor/for/", posted)["Location"]
    assert "陈奶奶" in inside(client.get(url), CARD)
    assert "陈奶奶" not in inside(signed_in(worker_at_desk).get(url))
    asked = DoctorSigning.objects.get()
    assert (asked.person, asked.phone, asked.need.source) == (None, "13800139999", "visit")
    with pytest.raises(ValidationError, match="不负责"):
        doctors.ask(by=other_cadre, grid=town.grid, at=MONDAY, has_agreed=True, name="陈奶奶", phone="13800139999")
    # Nobody can be asked, so somebody who looked confirms: not who asked for her, not who signed.
    now = timezone.now()
    doctors.sign(signing=asked, doctor="李医生", signed_date=timezone.localdate(now), by=centre[1], at=now)
    need = Need.objects.get()
    assert [solving.confirms_as(need, person, at=now) for person in (grid_leader, centre[1], worker_at_desk)] == [
        "",
        "",
        "verifier",
    ]


def test_it_is_shown_erased_and_cleared(asked, centre, resident, neighbour, town):
    sign(asked, centre)
    assert "家庭医生签约" in {label for label, _ in held(resident)}
    erase(person=resident, at=LATER)
    asked.refresh_from_db()
    assert (asked.person, asked.name, asked.phone, asked.ended_at) == (None, "", "", LATER)
    other = doctors.ask(by=neighbour, person=neighbour, grid=town.grid, at=MONDAY, has_agreed=True)
    doctors.end(signing=other, reason="搬走了", by=neighbour, at=LATER)
    keeping = next(keeping for keeping in KEEPINGS if keeping.code == "doctor_ended")
    assert keeping.clear(LATER, LATER) == 0
    assert keeping.clear(LATER + timedelta(days=1), LATER) == 1
    other.refresh_from_db()
    assert (other.person, other.name, other.phone) == (None, "", "")
