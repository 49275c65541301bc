"""What a person says who wants reports."""

from typing import Any

from django import forms
from django.conf import settings

from dashboards.models.report import KINDS


class SubscribeForm(forms.Form):
    codes = forms.MultipleChoiceField(
        label="想收到哪几种",
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这种报告。"},
        help_text="一期结束后的第二天早上七点半发出。都不勾，就是不再收。",
    )
    mail = forms.EmailField(
        label="同时发到邮箱（可不填）",
        required=False,
        max_length=254,
        error_messages={"invalid": "邮箱应形如 name@example.cn。", "max_length": "邮箱太长了。"},
        help_text="第一次填会收到一封确认信，确认以后报告以 PDF 附件发到这里。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.EMAIL_HOST:
            del self.fields["mail"]
