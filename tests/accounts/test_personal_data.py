"""Kept little and well: encrypted at rest, found by a keyed index, masked on screen."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models

from accounts.models import User
from accounts.numbers import check_id_number, mask_id_number, mask_phone, normalise_phone
from accounts.personal_data import blind_index, clean_name, mask_name, unsorted_fields

PHONE = "13800138000"


@pytest.fixture
def person(db) -> User:
    return User.objects.create_user(phone=PHONE, name="王秀英")


def stored(person: User) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_no_phone(person):
    assert stored(person).startswith("v1:")
    assert PHONE not in stored(person)
    assert User.objects.get(pk=person.pk).phone == PHONE


def test_a_person_is_found_by_the_phone_however_it_is_typed(person):
    assert User.objects.with_phone(" 138-0013-8000 ") == person
    assert User.objects.with_phone("13800138001") is None


def test_keys_are_changed_without_losing_anything(person, settings):
    old = settings.PERSONAL_DATA_KEYS
    new = Fernet.generate_key().decode()
    settings.PERSONAL_DATA_KEYS = [new, *old]
    user = User.objects.get(pk=person.pk)
    user.save()
    settings.PERSONAL_DATA_KEYS = [new]
    assert User.objects.get(pk=person.pk).phone == PHONE
    settings.PERSONAL_DATA_KEYS = old
    with pytest.raises(InvalidToken):
        User.objects.get(pk=person.pk)


def test_an_encrypted_field_cannot_be_searched(person):
    with pytest.raises(FieldError, match="blind index"):
        User.objects.filter(phone=PHONE).exists()


def test_the_index_differs_by_purpose_and_by_key(settings):
    index = blind_index(PHONE, purpose="phone")
    assert index == blind_index(PHONE, purpose="phone")
    assert index != blind_index(PHONE, purpose="id number")
    settings.PERSONAL_DATA_INDEX_KEY = "another"
    assert index != blind_index(PHONE, purpose="phone")


@pytest.mark.parametrize(
    "typed", ["13800138000", " 138 0013 8000", "+8613800138000", "0086-138-0013-8000", "１３８００１３８０００"]
)
def test_a_phone_as_people_type_it(typed):
    assert normalise_phone(typed) == PHONE


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1380013800", "您填的是 10 位"),
        ("23800138000", "以 13 到 19 开头"),
        ("一三八", "只能是数字"),
        ("", "只能是数字"),
    ],
)
def test_what_is_no_phone_is_refused(typed, words):
    with pytest.raises(ValidationError, match=words):
        normalise_phone(typed)


def test_masks():
    assert mask_phone(PHONE) == "138****8000"
    assert mask_phone("123") == "***"
    assert [mask_name(name) for name in ("张三", "欧阳建国", "李", "")] == ["张*", "欧**", "李", ""]
    assert mask_id_number("11010519491231002X") == "110105********002X"


def test_a_right_id_number():
    # The example of GB 11643-1999.
    assert check_id_number(" 11010519491231002x ") == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105194912310021", "校验位不对"),
        ("11010519490231002X", "出生日期不对"),
        ("110105491231002", "15 位的老身份证号"),
        ("1101051949123100", "应为 18 位"),
        ("X1010519491231002X", "前 17 位是数字"),
    ],
)
def test_a_wrong_id_number_is_refused_by_what_is_wrong(number, words):
    with pytest.raises(ValidationError, match=words):
        check_id_number(number)


def test_a_field_nobody_sorted_is_seen():
    class Loose(models.Model):
        name = models.CharField(max_length=1)

        class Meta:
            app_label = "accounts"
            managed = False

        class PersonalData:
            personal = ("gone",)
            plain = ("id",)

        def __str__(self) -> str:
            return "loose"

    assert unsorted_fields(Loose) == {"name", "gone"}
    from django.apps import apps

    del apps.all_models["accounts"]["loose"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽･买买提", "阿依古丽·买买提"),
        ("阿依古丽⋅买买提", "阿依古丽·买买提"),
        ("阿依古丽∙买买提", "阿依古丽·买买提"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("阿依古丽·买买提·江", "阿依古丽·买买提·江"),
        ("  王　女士 ", "王 女士"),
        ("王\u200b秀英", "王秀英"),
        ("\u202e王秀英", "王秀英"),
        ("王\n秀英", "王秀英"),
        ("王\t秀英", "王秀英"),
        ("𠮷野", "𠮷野"),
        ("𬭎", "𬭎"),
        ("䶮", "䶮"),
        ("王 Anna", "王 Anna"),
        ("O'Brien", "O'Brien"),
        ("", ""),
    ],
)
def test_names_as_people_write_them(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize("typed", ["王\ue000", "\uf8ff秀英", "王\U000f0000英"])
def test_a_character_of_ones_own_making_is_refused_with_advice(typed):
    with pytest.raises(ValidationError, match="姓名第 [12] 个字是某台电脑自造的字.*同音字代替"):
        clean_name(typed)
    with pytest.raises(ValidationError) as refusal:
        clean_name(typed, field="name")
    assert set(refusal.value.message_dict) == {"name"}
