"""The first account of a new portal."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from grids.rights.jurisdiction import may


def test_the_first_admin_is_made_and_may_appoint_the_others(db, capsys):
    call_command("appoint_first_admin", "138 0013 8000", "黄磊")
    person = User.objects.with_phone("13800138000")
    assert (person.name, person.is_staff, person.has_usable_password()) == ("黄磊", True, False)
    assert may(person, "appoint", None)
    output = capsys.readouterr().out
    assert "黄磊" in output
    assert "短信验证码登录" in output
    assert "13800138000" not in output


def test_whoever_is_known_already_is_appointed_too(resident):
    call_command("appoint_first_admin", resident.phone, "别的名字")
    resident.refresh_from_db()
    assert (resident.name, resident.is_staff) == ("王秀英", True)


def test_a_second_one_only_when_asked_for(county_admin):
    with pytest.raises(CommandError, match="已有县级管理员在任（黄磊）"):
        call_command("appoint_first_admin", "13800138000", "李明")
    assert User.objects.with_phone("13800138000") is None
    call_command("appoint_first_admin", "13800138000", "李明", "--again")
    assert may(User.objects.with_phone("13800138000"), "appoint", None)


def test_no_phone_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="手机号"):
        call_command("appoint_first_admin", "123", "黄磊")


def test_djangos_own_command_takes_the_phone_as_typed(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Test-password-1")
    call_command("createsuperuser", "--noinput", "--phone_index", "138 0013 8000", "--name", "黄磊")
    person = User.objects.with_phone("13800138000")
    assert person.is_superuser
    assert person.check_password("Test-password-1")
    assert person.phone == "13800138000"
