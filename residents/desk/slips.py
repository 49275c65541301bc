"""登录条: for a resident whom no SMS reaches, the community's desk looks at the ID card and gives a sign-in code."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import demonstration, limiter
from accounts.models import User, Way
from accounts.numbers import normalise_phone
from accounts.personal_data import clean_name
from accounts.sign_in import codes
from grids.rights.jurisdiction import area_of, posts_of
from residents.models import Resident


def give(*, phone: str, card_name: str, by: User, at: datetime, address: str | None = None) -> str:
    """The code, good for ten minutes, once, and for this phone alone; somebody new says their name after it. `card_name`
    stands on the ID card that `by` has looked at: it goes into the audit trail with who gave the slip. Returned once.

    Raises ValidationError at `phone` or `card_name`, TooOften."""
    phone, card_name = normalise_phone(phone), clean_name(card_name, field="card_name")
    if not card_name:
        raise ValidationError({"card_name": "请填写身份证上的姓名。"})
    limiter.check("slip", person=by.pk, at=at)
    if reason := _why_not(phone, by, at):
        raise ValidationError({"phone": reason})
    words = f"核对身份证：{card_name}"
    return codes.issue_long_code(phone=phone, way=Way.DESK, by=by, at=at, words=words, address=address)


def _why_not(phone: str, by: User, at: datetime) -> str:
    """Why this desk gives no slip for this phone; "" when it does. Accounts that see others' affairs are never opened by
    a slip, nor those of residents of another place."""
    if settings.DEMO and not demonstration.is_demonstration(phone):
        return "演示人员只能给演示手机号开登录条。"
    person = User.objects.with_phone(phone)
    if person is None:
        return ""
    if person.is_staff or person.is_superuser or person.has_usable_password() or posts_of(person, at=at):
        return "这个号码的账号有岗位或密码，不能用登录条。请本人用密码登录；忘记密码请上一级管理员重设。"
    if not person.may_sign_in:
        return "这个账号已停用，不能开登录条。"
    return "这位居民的常用地点不在您的辖区，请居民到居住地的社区办理。" if lives_elsewhere(person, by) else ""


def lives_elsewhere(person: User, by: User) -> bool:
    """Whether the home that they gave lies outside of where `by` dispatches."""
    home = Resident.objects.filter(person=person).values_list("grid", flat=True).first()
    return home is not None and not area_of(by, "dispatch").filter(pk=home).exists()
