from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import services
from accounts.models.ages import is_child
from accounts.numbers import normalise_phone
from web.time_fields import Day

CODE_FIELD_MESSAGES = {"required": "请填写收到的验证码。", "max_length": "验证码是 6 位数字。"}


def phone_field(label: str = "手机号", **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=30,
        error_messages={"required": "请填写手机号。", "max_length": "手机号太长了，应为 11 位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", **attrs}),
    )


def code_field(label: str = "短信验证码") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        error_messages=CODE_FIELD_MESSAGES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def password_field(label: str, autocomplete: str, name: str = "密码") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        error_messages={"required": f"请填写{name}。", "max_length": "密码最多 128 位。"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def name_field(label: str = "怎么称呼您", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=50,
        error_messages={"required": "请填写怎么称呼您。", "max_length": "称呼最多 50 个字。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        **more,
    )


class PhoneForm(forms.Form):
    phone = phone_field(autocomplete="tel", autofocus=True)


class CodeForm(forms.Form):
    """A code by SMS, or a longer one that came another way."""

    code = code_field("短信验证码（6 位）或登录码（10 位）")


NOT_AGREED = "请看过个人信息处理告知，同意再打勾。"


def agreed_field(label: str) -> forms.BooleanField:
    """Consent is an act of one's own (个人信息保护法 14): a tick that nobody has set before. Asked for by `check_agreed`."""
    return forms.BooleanField(label=label, required=False)


def check_agreed(form: forms.Form) -> None:
    if not form.cleaned_data.get("has_agreed"):
        form.add_error("has_agreed", NOT_AGREED)


class NewcomerForm(forms.Form):
    name = name_field(help_text="例如“王女士”。")
    is_child = forms.BooleanField(
        label="我未满 14 周岁", required=False, help_text="勾选后，请监护人用自己的手机号验证并同意。"
    )
    birth_date = Day(label="出生日期（成年人不用填）", required=False)
    has_agreed = agreed_field("我看过个人信息处理告知，同意")

    def clean(self) -> dict[str, Any]:
        """The day of birth says who is a child; a tick that says otherwise is one or the other mistake."""
        cleaned = super().clean() or self.cleaned_data
        if "birth_date" not in cleaned:
            return cleaned
        at, day = timezone.now(), cleaned["birth_date"]
        if day is None and cleaned["is_child"]:
            raise ValidationError({"birth_date": "请填写出生日期，满 14 周岁以后就不用再问监护人了。"})
        if day is not None:
            services.check_birth_date(day, at)
            if cleaned["is_child"] and not is_child(day, at):
                raise ValidationError({"is_child": "按出生日期已满 14 周岁，请去掉这个勾，或核对出生日期。"})
            cleaned["is_child"] = is_child(day, at)
        if not cleaned["is_child"]:
            check_agreed(self)  # for a child the guardian agrees
        return cleaned


class GuardianForm(forms.Form):
    """Who agrees for a child: the code went to this phone."""

    guardian_name = forms.CharField(
        label="监护人姓名", max_length=50, error_messages={"required": "请填写监护人姓名。"}
    )
    guardian_phone = phone_field("监护人手机号")
    code = code_field()
    has_agreed = agreed_field("我是监护人，看过个人信息处理告知，同意")

    def __init__(self, *args: Any, sends_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sends_code = sends_code
        self.fields["code"].required = not sends_code

    def clean(self) -> None:
        super().clean()
        if not self.sends_code:
            check_agreed(self)


class PasswordForm(forms.Form):
    phone = phone_field(autocomplete="username")
    password = password_field("密码", "current-password")


class NewPasswordForm(forms.Form):
    password = password_field("新密码", "new-password", "新密码")
    again = password_field("再输一遍", "new-password", "第二遍密码")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "两遍输入的密码不一样。")
        return cleaned


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label="动态码",
        max_length=20,
        error_messages={"required": "请填写动态码。", "max_length": "动态码是 6 位数字，恢复码是 10 个字符。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class NameForm(forms.Form):
    name = name_field()


class NewPhoneForm(forms.Form):
    """The new number, and the code that was sent to it."""

    phone = phone_field("新手机号", autocomplete="tel")
    code = code_field()

    def __init__(self, *args: Any, sends_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = not sends_code

    def clean_phone(self) -> str:
        return normalise_phone(self.cleaned_data["phone"])


class EraseForm(forms.Form):
    words = forms.CharField(
        label="请输入“注销”两个字", max_length=10, error_messages={"required": "请输入“注销”两个字。"}
    )

    def clean_words(self) -> str:
        if self.cleaned_data["words"].strip() != "注销":
            raise forms.ValidationError("请输入“注销”两个字，确认要删除。")
        return "注销"
