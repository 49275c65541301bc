"""Phones and ID numbers as people write them: what is taken somewhere is masked everywhere."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.numbers import check_id_number, mask_numbers, normalise_phone

PHONE, MASKED = "13800138000", "138****8000"
PHONES = [
    "13800138000", " 13800138000 ", "138 0013 8000", "138-0013-8000", "138—0013—8000", "138.0013.8000", "138·0013·8000",
    "138 00138000", "1380013 8000", "(138)0013-8000", "（138）0013 8000", "+8613800138000", "+86 138 0013 8000",
    "＋86 138 0013 8000", "+86-138-0013-8000", "+86(138)00138000", "8613800138000", "86 13800138000", "86-13800138000",
    "008613800138000", "0086-138-0013-8000", "１３８００１３８０００", "＋８６１３８００１３８０００", "138　0013　8000",
    "1 3 8 0 0 1 3 8 0 0 0",
]  # fmt: skip
NO_PHONES = [
    "13800138٠٠٠",
    "1380013800",
    "138001380000",
    "12800138000",
    "二三四",
    "",
    "13800138000转1",
    "+8513800138000",
]
OTHERS = {
    "0599-3321234": "0599-*****34",
    "05993321234": "0599-*****34",
    "(0599)3321234": "0599-*****34",
    "0599 332 1234": "0599-*****34",
    "０５９９－３３２１２３４": "0599-*****34",
    "0591-88886666": "0591-******66",
    "350725197001011234": "350725********1234",
    "35072519700101123x": "350725********123X",
    "350725 19700101 1234": "350725********1234",
    "350725-1970-0101-1234": "350725********1234",
    "３５０７２５１９７００１０１１２３４": "350725********1234",
    "350725700101123": "*" * 15,
}
NUMBERS_OF_THINGS = [
    "2026-11-20 09:30", "2026-11-20 2026-11-21 12", "20261120093000", "202611200000123", "3507251970010112345", "12345",
    "3321234", "ZH-7K3M-9QXT", "1380.50", "2026年11月20日13时", "110", "350725001008003",
]  # fmt: skip


@pytest.mark.parametrize("typed", PHONES)
def test_a_phone_in_any_usual_way_is_taken_and_masked(typed):
    assert normalise_phone(typed) == PHONE
    masked = mask_numbers(f"请打{typed}找我")
    assert MASKED in masked
    assert "0013" not in masked


@pytest.mark.parametrize("typed", NO_PHONES)
def test_what_is_no_phone(typed):
    with pytest.raises(ValidationError):
        normalise_phone(typed)


@pytest.mark.parametrize(("written", "masked"), OTHERS.items())
def test_landlines_and_id_numbers_are_masked(written, masked):
    assert mask_numbers(f"号码{written}，请回") == f"号码{masked}，请回"


@pytest.mark.parametrize("written", NUMBERS_OF_THINGS)
def test_numbers_of_things_stay(written):
    assert mask_numbers(f"见{written}号") == f"见{written}号"


@given(
    st.lists(st.sampled_from(["", "", "", " ", "-", "－", "　", "(", "）", "‐", ".", "  "]), min_size=12, max_size=12)
)
@example(["+86", *[""] * 11])
def test_whatever_is_taken_is_masked(gaps):
    written = "".join(gap + digit for gap, digit in zip(gaps, PHONE + " ", strict=True)).strip()
    try:
        taken = normalise_phone(written)
    except ValidationError:
        return
    assert taken == PHONE
    left = mask_numbers(f"我的电话{written}。")
    assert len(re.findall(r"\d", left)) == 7


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11-2, reckoned digit by digit and without a table of weights."""
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11]


@given(st.dates(date(1900, 1, 1), date(2026, 11, 24)), st.integers(0, 999_999), st.integers(0, 999))
@example(date(1949, 12, 31), 110105, 2)  # both printed in GB 11643-1999
@example(date(1880, 1, 1), 440524, 1)
def test_an_id_number_with_its_own_check_digit_is_taken_and_no_other(born, division, serial):
    digits = f"{division:06d}{born:%Y%m%d}{serial:03d}"
    right = check_digit(digits)
    assert check_id_number(digits + right) == digits + right
    for wrong in set("0123456789X") - {right}:
        with pytest.raises(ValidationError, match="校验位"):
            check_id_number(digits + wrong)


def test_the_numbers_printed_in_the_standard():
    assert check_id_number(" 11010519491231002x ") == "11010519491231002X"
    assert check_id_number("４４０５２４１８８００１０１００１４") == "440524188001010014"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("110105491231002", "15 位的老身份证号"),
        ("1101051949123100", "应为 18 位"),
        ("11010519491231002XX", "应为 18 位"),
        ("1101051949123100X2", "应为 18 位"),
        ("110105194913310020", "出生日期"),
        ("110105190002290025", "出生日期"),
    ],
)
def test_what_is_no_id_number(typed, words):
    with pytest.raises(ValidationError, match=words):
        check_id_number(typed)
