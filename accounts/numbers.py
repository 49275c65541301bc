"""Phones and ID numbers of people: read from what somebody typed, checked, masked where many read. Pure.

One pattern says what a phone is, for taking it and for masking it: whatever is accepted somewhere is masked everywhere."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError

_DIGIT = "[0-9０-９]"  # no digits of other scripts
_GAP = "[^\\S\n]|[-()（）‐-―−﹣－._·]"
_GAPS = f"(?:{_GAP}){{0,3}}"
_COUNTRY = rf"(?:(?:[+＋]{_GAPS}|[0０]{_GAPS}[0０]{_GAPS})?[8８]{_GAPS}[6６]{_GAPS})?"
_MOBILE = rf"{_COUNTRY}[(（]?(?P<mobile>[1１]{_GAPS}[3-9３-９](?:{_GAPS}{_DIGIT}){{9}})"
_LANDLINE = rf"(?P<area>[(（]?[0０]{_DIGIT}{{2,3}}[)）]?)(?:{_GAP})?(?P<local>[1-9１-９]{_DIGIT}{{2,3}}(?:{_GAP})?{_DIGIT}{{4}})"
_LONG_ID = rf"(?P<long>{_DIGIT}(?:{_GAPS}{_DIGIT}){{16}}{_GAPS}(?:{_DIGIT}|[XxＸｘ]))"
_SHORT_ID = rf"(?P<short>{_DIGIT}{{15}})"
_NUMBERS = re.compile(rf"(?<!{_DIGIT})(?:{_MOBILE}|{_LONG_ID}|{_SHORT_ID}|{_LANDLINE})(?!{_DIGIT})")
_PROVINCES = range(11, 83)
_OLDEST = "1926"


def normalise_phone(raw: str) -> str:
    """A mainland mobile number as 11 digits; blanks, dashes, brackets, full-width digits and +86 are taken off.

    Raises ValidationError that says what is wrong with it."""
    if match := re.fullmatch(_MOBILE, raw.strip()):
        return _digits(match["mobile"])
    digits = re.sub(_GAP, "", unicodedata.normalize("NFKC", raw))
    digits = re.sub(r"^(\+?86|0086)(?=1\d{10}$)", "", digits)
    if not (digits.isascii() and digits.isdecimal()):
        raise ValidationError("手机号只能是数字，例如 13800138000。")
    if len(digits) != 11:
        raise ValidationError(f"手机号应为 11 位数字，您填的是 {len(digits)} 位。")
    if not re.match(r"1[3-9]", digits):
        raise ValidationError("手机号应以 13 到 19 开头，请看看有没有填错。")
    raise ValidationError("请连着填写 11 位手机号，例如 13800138000。")


def check_id_number(raw: str) -> str:
    """A citizen's number with a right check digit (GB 11643-1999), `x` written as `X`. The first six digits are not
    held against today's divisions: old codes live on.

    Raises ValidationError."""
    number = unicodedata.normalize("NFKC", raw).strip().upper()
    if re.fullmatch(r"[0-9]{15}", number):
        raise ValidationError("这是 15 位的老身份证号，请填写现在的 18 位号码。")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError("身份证号应为 18 位，前 17 位是数字，最后一位是数字或 X。")
    if not _is_day(number[6:14]):
        raise ValidationError("身份证号里的出生日期不对，请再核对。")
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, number[:17], strict=True))
    if "10X98765432"[total % 11] != number[17]:
        raise ValidationError("身份证号校验位不对，请再核对。")
    return number


def mask_numbers(text: str) -> str:
    """Phones, landlines with their area code and ID numbers in what somebody wrote, masked where it is shown to many (a
    title, an export)."""
    return _NUMBERS.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match["mobile"]:
        return mask_phone(_digits(match["mobile"]))
    if match["area"]:
        area, local = _digits(match["area"]), _digits(match["local"])
        return f"{area}-{'*' * (len(local) - 2)}{local[-2:]}"
    number = _digits(match["long"] or match["short"])
    is_for_sure = len(match[0]) == 18  # also one that was mistyped
    return mask_id_number(number) if is_for_sure or _looks_like_an_id(number) else match[0]


def _looks_like_an_id(number: str) -> bool:
    """A province and a day of birth: an order's number of as many digits has neither. The code of a grid has 15 digits too;
    read as an old number it would be of somebody more than a hundred years old."""
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    return int(number[:2]) in _PROVINCES and born >= _OLDEST and _is_day(born)


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", text).upper())


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "*" * len(number)
