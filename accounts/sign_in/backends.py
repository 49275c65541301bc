"""Password sign-in by phone, for staff and grid leaders."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User
from accounts.models.user import phone_index


class PhonePasswordBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        try:
            user = User.objects.with_phone(username or "")
        except ValidationError:
            user = None
        if user is None:
            User().set_password(password)  # as slow as a real check: the time must not tell who is registered
            return None
        return user if user.check_password(password or "") and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and user.may_sign_in


def lock_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """What django-axes counts failures under: the phone's index, never the phone itself."""
    phone = (credentials or {}).get("username") or ""
    try:
        return phone_index(phone)
    except ValidationError:
        return "no phone"
