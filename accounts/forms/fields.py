"""Fields and manners that forms of several rooms have in common."""

from typing import Any

from django import forms

from accounts.models import User
from accounts.numbers import normalise_phone


def refuse(form: forms.Form, refusal: Any, own: dict[str, str] | None = None) -> None:
    """A service's refusal at the fields of a form, which calls some of them otherwise (`own`); what it has no field for
    stands above all."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for field, errors in refusal.error_dict.items():
        name = (own or {}).get(field, field)
        form.add_error(name if name in form.fields else None, forms.ValidationError(errors))


class PhoneField(forms.CharField):
    """A phone as 11 digits, "" where none is said."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        phone: str = super().clean(value)
        return normalise_phone(phone) if phone else ""


class PersonByPhone(forms.CharField):
    """Somebody who has an account, by their phone: found, never listed."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> User | None:
        phone = super().clean(value)
        if not phone:
            return None
        person: User | None = User.objects.with_phone(phone)
        if person is None:
            raise forms.ValidationError("没有用这个手机号注册的人。请先请他登录一次，或核对号码。")
        return person


def person_field(label: str) -> PersonByPhone:
    return PersonByPhone(
        label=label, help_text="填对方登录用的手机号。", error_messages={"required": "请填写手机号。"}, max_length=20
    )
