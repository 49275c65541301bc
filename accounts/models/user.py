"""A person who signs in. The phone is the sign-in name; it is stored encrypted and found by its blind index."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from accounts.models.ages import is_child, is_minor
from accounts.numbers import mask_phone, normalise_phone
from accounts.personal_data import EncryptedDateField, EncryptedTextField, blind_index, mask_name


class UserManager(BaseUserManager["User"]):
    def with_phone(self, phone: str) -> "User | None":
        """The person with this phone, or None. Raises ValidationError if it is no phone."""
        return self.filter(phone_index=phone_index(phone)).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        """`username` is the phone as typed: nobody has another name to remember."""
        return self.get(phone_index=phone_index(username or ""))

    def create_user(self, *, phone: str, name: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(phone=normalise_phone(phone), phone_index=phone_index(phone), name=name, **more)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, phone_index: str, name: str, password: str | None = None, **more: Any) -> "User":
        """`phone_index` is the phone as typed: Django's command hands over what it was given as the sign-in name."""
        more |= {"is_staff": True, "is_superuser": True}
        return self.create_user(phone=phone_index, name=name, password=password, **more)


def phone_index(phone: str) -> str:
    """What a phone is looked up by. Raises ValidationError if it is no phone."""
    return blind_index(normalise_phone(phone), purpose="phone")


class User(AbstractBaseUser, PermissionsMixin):
    phone = EncryptedTextField("手机号")
    phone_index = models.CharField("手机号索引", max_length=64, unique=True, editable=False)
    name = models.CharField("姓名", max_length=50)
    is_active = models.BooleanField("可登录", default=True)
    is_staff = models.BooleanField("可进管理后台", default=False)
    birth_date = EncryptedDateField(
        "出生日期", null=True, blank=True, help_text="只用来判断是否成年；成年人不必填（个人信息保护法 6）"
    )
    must_set_password = models.BooleanField("须设密码", default=False, help_text="登录后先设新密码")
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)
    erased_at = models.DateTimeField("注销时间", null=True, blank=True)
    joined_at = models.DateTimeField("建档时间", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "phone_index"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"

    class PersonalData:
        personal = ("phone", "phone_index", "name", "password", "last_login", "birth_date")
        plain = (
            "id", "is_active", "is_staff", "is_superuser", "must_set_password", "password_set_at",
            "erased_at", "joined_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.masked_phone}）"

    def get_full_name(self) -> str:
        """What Django's own pages call this person; the sign-in name is a hash nobody should see."""
        return self.name

    @property
    def may_sign_in(self) -> bool:
        """Demonstration people have a published password: they exist in demo mode only."""
        return self.is_active

    def is_minor_at(self, at: datetime) -> bool:
        """Whether their day of birth, where it is known, says so."""
        return self.birth_date is not None and is_minor(self.birth_date, at)

    def is_child_at(self, at: datetime) -> bool:
        """The same for those under 14."""
        return self.birth_date is not None and is_child(self.birth_date, at)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)
