"""Forms of the pages of papers. Shape only."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.forms.fields import PhoneField
from accounts.numbers import mask_id_number
from cases.forms import VersionField
from disputes.forms.arrows import too_long
from disputes.models import Exhibit, Party, Signature
from disputes.models.party import Gender
from disputes.services.parties import BASICS
from photos.cleaning import Photo, clean
from photos.fields import PhotoField, PhotosField

PNG = "data:image/png;base64,"
MAX_DRAWN = 700_000


class DetailsForm(forms.Form):
    """当事人基本情况. Only what this kind of party has, and the number only where it is needed."""

    gender = forms.ChoiceField(label="性别", choices=[("", "请选择"), *Gender.choices], required=False)
    ethnicity = forms.CharField(label="民族", required=False, max_length=20, error_messages=too_long(20))
    birth_year = forms.IntegerField(
        label="出生年份",
        required=False,
        min_value=1900,
        max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "请填四位年份，例如 1975。"),
    )
    occupation = forms.CharField(label="职业或职务", required=False, max_length=40, error_messages=too_long(40))
    representative = forms.CharField(
        label="法定代表人或负责人", required=False, max_length=80, error_messages=too_long(80)
    )
    guardian = forms.CharField(
        label="监护人（未成年人要填）", required=False, max_length=80, error_messages=too_long(80)
    )
    address = forms.CharField(label="住址", required=False, max_length=200, error_messages=too_long(200))
    agent = forms.CharField(
        label="委托代理人（没有就空着）", required=False, max_length=80, error_messages=too_long(80)
    )
    agent_phone = PhoneField(label="代理人手机号", required=False)
    id_number = forms.CharField(
        label="身份证号", required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    agrees = forms.BooleanField(required=False)

    def __init__(self, *args: Any, party: Party, is_own: bool, needs_id: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(party, name) for name in BASICS}
        super().__init__(*args, **kwargs)
        absent = (
            {"gender", "ethnicity", "birth_year", "occupation", "guardian"}
            if party.organisation
            else {"representative"}
        )
        if not needs_id or party.organisation:
            absent |= {"id_number", "agrees"}
        for name in absent:
            del self.fields[name]
        if "id_number" not in self.fields:
            return
        kept = (
            f"已登记 {mask_id_number(party.id_number)}，不改就空着。"
            if party.id_number
            else "写在书面协议上，加密保存。"
        )
        self.fields["id_number"].help_text = kept
        self.fields["agrees"].label = (
            "我同意把我的身份证号用在这份协议和司法确认里" if is_own else "本人已在纸上单独同意使用身份证号，原件存卷"
        )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and year > timezone.localdate().year:
            raise forms.ValidationError("出生年份不能在今年之后。")
        return year


class SignForm(forms.Form):
    """A signature drawn on the page, or a picture of one."""

    version = VersionField()
    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    drawn = forms.CharField(
        required=False,
        max_length=MAX_DRAWN,
        widget=forms.HiddenInput,
        error_messages={"max_length": "签名图片太大，请清除后重新签。"},
    )
    scan = PhotoField(label="或者上传签名的照片", required=False, help_text="在白纸上签好名，拍下来上传。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("drawn"):
            cleaned["picture"], cleaned["how"] = self._drawn(cleaned["drawn"]), Signature.How.DRAWN
        elif cleaned.get("scan"):
            cleaned["picture"], cleaned["how"] = cleaned["scan"], Signature.How.SCAN
        elif not self.errors:
            raise forms.ValidationError("还没有签名。请用手指在框里签上姓名，或者上传签名的照片。")
        return cleaned

    def _drawn(self, data_url: str) -> Photo:
        """Like any upload: decoded and written anew, so that nothing but the picture is kept."""
        try:
            content = base64.b64decode(data_url.removeprefix(PNG), validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError("签名没有传完整，请重新签一次。") from None
        return clean(SimpleUploadedFile("签名.png", content))


class ExhibitForm(forms.Form):
    entry = forms.ChoiceField(label="归入哪一项", choices=Exhibit.Entry.choices)
    photos = PhotosField(label="扫描件或照片（最多 9 张）", error_messages={"required": "请选择扫描件或照片。"})
