"""Phones of the demonstration. With DEMO=1 no message leaves the house: codes stand on the page, and only for these."""

from django.conf import settings

from accounts.models import User
from accounts.models.user import phone_index

NEWCOMERS = "1990728"
"""Phones that begin so are nobody's yet: with one of them a visitor tries how it is to come for the first time."""
SAMPLES = 3


def is_newcomer(phone: str) -> bool:
    return settings.DEMO and phone.startswith(NEWCOMERS)


def is_demonstration(phone: str) -> bool:
    """Raises ValidationError if it is no phone."""
    return is_newcomer(phone) or (
        settings.DEMO and User.objects.filter(phone_index=phone_index(phone), is_demo=True).exists()
    )


def which_phones() -> str:
    """Which phones may be used, in words; "" outside the demonstration. Staff have a password and their own door."""
    if not settings.DEMO:
        return ""
    people = User.objects.filter(is_demo=True, is_staff=False, password="!").order_by("pk")[:SAMPLES]
    phones = [*(person.phone for person in people), f"{NEWCOMERS}0001（第一次来的居民）"]
    return f"这是演示系统，不发短信，验证码直接显示在页面上。请用演示手机号：{'、'.join(phones)}。"
