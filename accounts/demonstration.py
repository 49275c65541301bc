"""The demonstration: a database of its own, in which all people are made up and passwords are public. With DEMO=1 no message
leaves the house: codes stand on the page, and only for phones of the demonstration."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from accounts.models import Demonstration, User
from accounts.models.user import phone_index

log = logging.getLogger(__name__)

NEWCOMERS = "1990728"
"""Phones that begin so are nobody's yet: with one of them a visitor tries how it is to come for the first time."""
SAMPLES = 3


def begin(*, at: datetime) -> None:
    """From now on this database is a demonstration's. Nothing happens where it is one.

    Raises ImproperlyConfigured if people are in it: it is a real one."""
    if Demonstration.objects.exists():
        return
    if User.objects.exists():
        raise ImproperlyConfigured(
            "这个数据库里是正式数据，不能放演示数据。请设 DEMO=0；要看演示，请用 DATABASE_URL 另指定一个空的数据库。"
        )
    Demonstration.objects.create(begun_at=at)


def check_database() -> None:
    """What serves people asks this when it starts. Raises ImproperlyConfigured where the database is of the other kind.

    A database that is away stops nobody: whatever is started again during an outage has to be there when it is over, and
    `prepare` has asked before the first start."""
    try:
        is_demonstration = Demonstration.objects.exists()
    except OperationalError:
        log.warning("数据库连不上，没有核对它是不是演示数据库")
        return
    if settings.DEMO and not is_demonstration:
        raise ImproperlyConfigured(
            "DEMO=1 只能用演示数据库，这个数据库里是正式数据。请设 DEMO=0；"
            "要看演示，请用 DATABASE_URL 另指定一个空的数据库，并先运行 prepare --demo。"
        )
    if is_demonstration and not settings.DEMO:
        raise ImproperlyConfigured(
            "这是演示数据库：人是编的，密码是公开的，不能正式运行。请用 DATABASE_URL 指定正式的数据库；要看演示，请设 DEMO=1。"
        )


class SeedCommand(BaseCommand):
    """Plants a part of the demonstration: in a database of a demonstration alone."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        if not Demonstration.objects.exists():
            raise CommandError("演示数据只能放进演示数据库。请先运行 prepare --demo。")
        return super().execute(*args, **options)


def is_newcomer(phone: str) -> bool:
    return settings.DEMO and phone.startswith(NEWCOMERS)


def is_demonstration(phone: str) -> bool:
    """Raises ValidationError if it is no phone."""
    return is_newcomer(phone) or (settings.DEMO and User.objects.filter(phone_index=phone_index(phone)).exists())


def which_phones() -> str:
    """Which phones may be used, in words; "" outside the demonstration. Staff have a password and their own door."""
    if not settings.DEMO:
        return ""
    people = User.objects.filter(is_staff=False, password="!").order_by("pk")[:SAMPLES]
    phones = [*(person.phone for person in people), f"{NEWCOMERS}0001（第一次来的居民）"]
    return f"这是演示系统，不发短信，验证码直接显示在页面上。请用演示手机号：{'、'.join(phones)}。"
