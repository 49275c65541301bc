"""登录条: the community's desk looks at an ID card and lets a resident in whom no SMS reaches."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.limiter import LIMITS, TooOften
from accounts.models import AuditLine, AuditWords, SignInCode, User
from accounts.sign_in.codes import LONG_MINUTES
from residents.desk import slips
from residents.models import Resident
from tests.support.cast import MONDAY, audit_problems, signed_in
from tests.support.heard import heard

pytestmark = pytest.mark.django_db
SAID = {"card_name": "王秀英", "has_seen": "on"}


@pytest.fixture
def resident(resident: User) -> User:
    """As residents are: without a password."""
    resident.set_unusable_password()
    resident.save()
    return resident


def code_on(page: str) -> str:
    match = re.search(r'class="long-code"><strong>([\d ]+)<', page)
    assert match, page
    return match.group(1)


def enters(phone: str, code: str):
    client = Client()
    client.post("/sign-in/", {"phone": phone, "has_code": "1"})
    return client.post("/sign-in/code/", {"code": code})


def test_a_slip_lets_the_resident_in_once_and_is_written_down(worker_at_desk, resident):
    desk = signed_in(worker_at_desk)
    answer = desk.post("/sign-in-slips/", {**SAID, "phone": " 138-0013-0001"})
    code = code_on(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    assert code.replace(" ", "") not in str(list(SignInCode.objects.values()))
    assert enters(resident.phone, code)["Location"] == "/"
    assert "登录码不对" in enters(resident.phone, code).content.decode()
    line = AuditLine.objects.get(act="sign_in_code")
    assert (line.by, line.about, line.thing) == (worker_at_desk.pk, resident.pk, "社区窗口 138****0001")
    assert AuditWords.objects.get(line=line).words == "核对身份证：王秀英"
    assert audit_problems() == []
    assert heard("社区窗口刚刚为您的账号出了一个登录码", resident)


def test_somebody_new_says_their_name_after_it(worker_at_desk):
    code = slips.give(phone="13900001234", card_name="朱秀兰", by=worker_at_desk, at=timezone.now())
    assert enters("13900001234", code)["Location"] == "/sign-in/first-time/"


def test_it_is_good_for_ten_minutes_and_for_that_phone(worker_at_desk, resident, neighbour):
    at = timezone.now() - timedelta(minutes=LONG_MINUTES)
    old = slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=at)
    assert "登录码不对" in enters(resident.phone, old).content.decode()
    code = slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=timezone.now())
    assert "登录码不对" in enters(neighbour.phone, code).content.decode()


def test_without_a_look_at_the_card_there_is_none(worker_at_desk, resident):
    desk = signed_in(worker_at_desk)
    for posted in ({"phone": resident.phone}, {"phone": resident.phone, "card_name": " ", "has_seen": "on"},
                   {"phone": resident.phone, "card_name": "王秀英"}, {**SAID, "phone": "138"}):  # fmt: skip
        page = desk.post("/sign-in-slips/", posted).content.decode()
        assert "field-error" in page
        assert posted["phone"] in page
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "street_cadre", "grid_leader", "auditor", "worker_at_desk"])
def test_accounts_of_staff_and_of_whoever_holds_a_post_open_to_no_slip(request, county_admin, who):
    person = request.getfixturevalue(who)
    person.set_unusable_password()
    person.save()
    with pytest.raises(ValidationError, match="不能用登录条"):
        slips.give(phone=person.phone, card_name="某某", by=county_admin, at=timezone.now())
    assert not SignInCode.objects.exists()


def test_nor_do_accounts_with_a_password_or_switched_off(worker_at_desk, neighbour, resident):
    with pytest.raises(ValidationError, match="有岗位或密码"):
        slips.give(phone=neighbour.phone, card_name="赵建国", by=worker_at_desk, at=timezone.now())
    User.objects.filter(pk=resident.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="已停用"):
        slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=timezone.now())


def test_residents_of_another_place_are_sent_home(worker_at_desk, other_cadre, resident, town):
    Resident.objects.create(person=resident, grid=town.other_grid)
    with pytest.raises(ValidationError, match="不在您的辖区"):
        slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=timezone.now())
    slips.give(phone=resident.phone, card_name="王秀英", by=other_cadre, at=timezone.now())


def test_no_phone_of_a_real_person_comes_into_a_demonstration(worker_at_desk, settings):
    settings.DEMO = True
    with pytest.raises(ValidationError, match="演示手机号"):
        slips.give(phone="13900001234", card_name="王秀英", by=worker_at_desk, at=timezone.now())


def test_one_desk_gives_so_many_an_hour(worker_at_desk, resident):
    for _ in range(LIMITS["slip"]["person"].times):
        slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=MONDAY)
    with pytest.raises(TooOften):
        slips.give(phone=resident.phone, card_name="王秀英", by=worker_at_desk, at=MONDAY)


def test_who_has_no_desk_gives_none(grid_leader, neighbour, resident):
    for person in (grid_leader, neighbour):
        answer = signed_in(person).post("/sign-in-slips/", {**SAID, "phone": resident.phone})
        assert answer.status_code == 403
    assert not SignInCode.objects.exists()
