"""A day of birth that was mistyped is put right at the community's desk (个人信息保护法 46): it decides who votes and who needs
a guardian, so nobody changes their own."""

from datetime import date, datetime

from django.core.exceptions import ValidationError

from accounts import limiter
from accounts.models import User
from accounts.privacy import rights
from residents.desk.slips import lives_elsewhere


def correct(*, phone: str, birth_date: date, by: User, at: datetime, address: str | None = None) -> None:
    """As `by` read it on the ID card. The person hears of it.

    Raises ValidationError at `phone` or `birth_date`, TooOften."""
    limiter.check("slip", person=by.pk, at=at)
    person = User.objects.with_phone(phone)
    if person is None:
        raise ValidationError({"phone": "这个号码还没有账号，首次登录时填写即可。"})
    if person == by:
        raise ValidationError({"phone": "本人的出生日期请同事核对证件后更正。"})
    if lives_elsewhere(person, by):
        raise ValidationError({"phone": "这位居民的常用地点不在您的辖区，请居民到居住地的社区办理。"})
    rights.correct_birth_date(person=person, birth_date=birth_date, by=by, at=at, address=address)
