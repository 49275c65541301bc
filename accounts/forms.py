from django import forms


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="手机号",
        max_length=30,
        error_messages={"required": "请填写手机号。", "max_length": "手机号太长了，应为 11 位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )


class CodeForm(forms.Form):
    name = forms.CharField(
        label="怎么称呼您",
        max_length=50,
        required=False,
        help_text="第一次使用时填写，例如“王女士”。",
        error_messages={"max_length": "称呼最多 50 个字。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    code = forms.CharField(
        label="短信验证码",
        max_length=12,
        error_messages={"required": "请填写收到的 6 位验证码。", "max_length": "验证码是 6 位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasswordForm(forms.Form):
    phone = forms.CharField(
        label="手机号",
        max_length=30,
        error_messages={"required": "请填写手机号。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        error_messages={"required": "请填写密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
