"""A mistyped day of birth is put right at the desk, with the ID card in hand; nobody changes their own."""

from datetime import date

import pytest

from accounts.models import AuditLine, User
from residents.models import Resident
from tests.support.cast import audit_problems, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, MESSAGE, inside, value

pytestmark = pytest.mark.django_db
RIGHT = date(2009, 3, 1)


@pytest.fixture
def typed(resident):
    User.objects.filter(pk=resident.pk).update(birth_date=date(2001, 3, 1))
    return {"phone": resident.phone, "birth_date": f"{RIGHT}", "has_seen": "on"}


def test_it_is_put_right_and_written_down(typed, worker_at_desk, resident):
    answer = signed_in(worker_at_desk).post("/birth-dates/", typed, follow=True)
    assert "已更正" in inside(answer, MESSAGE)
    resident.refresh_from_db()
    assert resident.birth_date == RIGHT
    line = AuditLine.objects.get(act="correct")
    assert (line.by, line.about, line.thing) == (worker_at_desk.pk, resident.pk, "出生日期")
    assert heard("更正了您的出生日期", resident)
    assert audit_problems() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"birth_date": "2001-03-01"}, "不用更正"),
        ({"birth_date": "2031-03-01"}, "出生日期不对"),
        ({"birth_date": ""}, "请填写日期"),
        ({"phone": "13900001234"}, "还没有账号"),
        ({"phone": "139"}, "11 位"),
        ({"has_seen": ""}, "请先核对身份证原件"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(typed, worker_at_desk, resident, wrong, words):
    page = signed_in(worker_at_desk).post("/birth-dates/", typed | wrong)
    assert words in inside(page, ERROR)
    assert value(page, "phone") == (typed | wrong)["phone"]
    resident.refresh_from_db()
    assert resident.birth_date == date(2001, 3, 1)


def test_nobody_changes_their_own_nor_of_elsewhere(typed, worker_at_desk, resident, town):
    User.objects.filter(pk=worker_at_desk.pk).update(birth_date=date(1990, 1, 1))
    page = signed_in(worker_at_desk).post("/birth-dates/", typed | {"phone": worker_at_desk.phone})
    assert "请同事" in inside(page, ERROR)
    Resident.objects.create(person=resident, grid=town.other_grid)
    page = signed_in(worker_at_desk).post("/birth-dates/", typed)
    assert "不在您的辖区" in inside(page, ERROR)
    assert not AuditLine.objects.filter(act="correct").exists()
