"""Forms of the pages where more is said than fields of an arrow. Shape only."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from accounts.forms.fields import PhoneField
from accounts.models import User
from cases.forms import VersionField, WordsField
from cases.models import Case
from disputes.forms.arrows import (
    BuildingChoice,
    PartiesChoice,
    PlainKindChoice,
    TypeChoice,
    money_field,
    status_field,
    status_said,
    too_long,
)
from disputes.models import (
    Agreement,
    Form,
    Party,
    Scale,
    Session,
    Side,
    Source,
)
from disputes.services.agreements import MAX_TEXT
from disputes.services.opening import MAX_SUMMARY, PartySaid, Spot
from disputes.services.sessions import MAX_RECORD
from grids.buildings.form import DoorForm
from grids.models import Building
from photos.fields import PhotosField
from web.choices import offer_rows, rows_of
from web.time_fields import Day, Moment


class SpotForm(DoorForm):
    """Screen one: where. The building is asked for where it decides which 党小组长 hears of it; lists show the estate only."""

    building = BuildingChoice(
        label="哪一栋",
        queryset=Building.objects.none(),
        required=False,
        empty_label="请选择",
        help_text="知道是哪一栋，才找得到那里的党小组长。",
        error_messages={
            "required": "请选择哪一栋，不清楚就选“不清楚，或在公共区域”。",
            "invalid_choice": "这一栋不在所选小区里，请重新选择。",
        },
    )
    place_note = forms.CharField(
        label="门牌或具体位置（可不填）", required=False, max_length=100, error_messages=too_long(100)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].required = rows_of(self.fields["building"]).exclude(grid=None).exists()

    def where(self) -> dict[str, Any]:
        """What of it `open_dispute` takes."""
        cleaned = self.cleaned_data
        return {"spot": Spot.of(cleaned["place"], cleaned["building"]), "place_note": cleaned["place_note"]}


class MatterForm(forms.Form):
    """Who and what."""

    summary = WordsField(
        label="怎么回事",
        max_length=MAX_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "例如：楼上空调滴水，说过几次没有修，阳台一直是湿的。"}),
        error_messages={"required": "请说说是什么纠纷、怎么引起的。", **too_long(MAX_SUMMARY)},
    )
    wish = WordsField(
        label="您希望怎么解决（可不填）",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=too_long(500),
    )
    other_name = forms.CharField(
        label="和谁有纠纷",
        max_length=80,
        help_text="对方的姓名或称呼，是单位的写单位名称。",
        error_messages={"required": "请写明和谁有纠纷。", **too_long(80)},
    )
    other_phone = PhoneField(
        label="对方手机号（可不填）",
        required=False,
        help_text="填了，对方能在手机上看到并表态；不填，由调解员去问。",
    )
    other_is_organisation = forms.BooleanField(label="对方是单位", required=False)
    guardian = forms.CharField(
        label="您的监护人（未满十八周岁要填）", required=False, max_length=80, error_messages=too_long(80)
    )
    has_violence_risk = forms.BooleanField(
        label="我担心会动手或出事", required=False, help_text="勾选后社区民警会马上知道。正在发生危险请直接拨打 110。"
    )

    def say_refused(self, refusal: ValidationError) -> None:
        """What the service refuses, at the field that asks for it: of two parties the second is the one too many."""
        words = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for name, messages in words.items():
            field = {"name": "other_name", "phone": "other_phone"}.get(name, name)
            self.add_error(field if field in self.fields else None, messages)

    def asking_party(self, person: User) -> PartySaid:
        return PartySaid(Side.APPLICANT, person=person, more=self._accompanied)

    def other_party(self) -> PartySaid:
        return self._party(Side.RESPONDENT, "other")

    def _party(self, side: Side, prefix: str, **more: Any) -> PartySaid:
        cleaned = self.cleaned_data
        name = "organisation" if cleaned[f"{prefix}_is_organisation"] else "name"
        return PartySaid(side, phone=cleaned[f"{prefix}_phone"], more=more, **{name: cleaned[f"{prefix}_name"]})

    @property
    def _accompanied(self) -> dict[str, Any]:
        return {"guardian": self.cleaned_data["guardian"]}


class ApplyForm(MatterForm):
    """Screen two, for residents: a kind in plain words, and whoever mediates finds the legal type."""

    plain_kind = PlainKindChoice()
    field_order = ["plain_kind"]

    def arguments(self, person: User) -> dict[str, Any]:
        """What of it `open_dispute` takes."""
        cleaned = self.cleaned_data
        return {
            "type": cleaned["plain_kind"].type,
            "plain_kind": cleaned["plain_kind"],
            "summary": cleaned["summary"],
            "wish": cleaned["wish"],
            "parties": [self.asking_party(person), self.other_party()],
            "has_violence_risk": cleaned["has_violence_risk"],
            "source": Source.PARTY,
            "applicant": person,
        }


class PhotosForm(forms.Form):
    """On the last screen, for photos cannot be carried from page to page."""

    photos = PhotosField(label="照片（可不选，最多 9 张，每张不超过 10 MB）", required=False, can_wait=True)


class PartyForm(forms.Form):
    """One party, written down by whoever mediates."""

    side = forms.ChoiceField(label="哪一方", choices=Side.choices)
    name = forms.CharField(label="姓名", required=False, max_length=80, error_messages=too_long(80))
    phone = PhoneField(label="手机号（可不填）", required=False)
    organisation = forms.CharField(
        label="单位名称（是单位才填）", required=False, max_length=100, error_messages=too_long(100)
    )
    representative = forms.CharField(label="负责人（是单位才填）", required=False, max_length=80)
    agent = forms.CharField(label="委托代理人（可不填）", required=False, max_length=80)
    is_said_minor = forms.BooleanField(label="未成年人", required=False, help_text="知道出生日期的，以出生日期为准。")
    guardian = forms.CharField(label="监护人（未成年人要填）", required=False, max_length=80)
    language = forms.CharField(
        label="需要翻译（可不填）", required=False, max_length=20, help_text="例如：政和话、手语。"
    )

    @property
    def party(self) -> PartySaid:
        more = dict(self.cleaned_data)
        return PartySaid(
            side=more.pop("side"),
            name=more.pop("name"),
            phone=more.pop("phone"),
            organisation=more.pop("organisation"),
            more=more,
        )


class RegisterForm(SpotForm, MatterForm):
    """A dispute written down for people who came, or that a grid leader found."""

    type = TypeChoice()
    source = forms.ChoiceField(
        label="从哪里来", choices=[choice for choice in Source.choices if choice[0] != Source.REQUEST]
    )
    asker_name = forms.CharField(
        label="申请人（或先说的一方）",
        max_length=80,
        error_messages={"required": "请写明申请人。", **too_long(80)},
    )
    asker_phone = PhoneField(
        label="申请人手机号（可不填）",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    asker_is_organisation = forms.BooleanField(label="申请人是单位", required=False)
    occurred_on = Day(label="发生日期（可不填，不填为今天）", required=False)
    scale = forms.ChoiceField(label="规模", choices=Scale.choices, initial=Scale.SINGLE)
    people_count = forms.IntegerField(label="涉及人数（可不填）", required=False, min_value=2, max_value=1_000_000)
    amount = money_field()
    is_public_security = forms.BooleanField(label="公安移送的治安案件", required=False)
    field_order = [
        "source", "asker_name", "asker_phone", "asker_is_organisation", "guardian", "other_name", "other_phone",
        "other_is_organisation", "place", "building", "place_note", "type", "summary", "wish", "occurred_on", "scale", "people_count", "amount",
        "is_public_security", "has_violence_risk",
    ]  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_name"].label = "被申请人（另一方）"
        self.fields["guardian"].label = "申请人的监护人（未满十八周岁要填）"

    def parties(self) -> list[PartySaid]:
        return [self._party(Side.APPLICANT, "asker", **self._accompanied), self.other_party()]

    def arguments(self) -> dict[str, Any]:
        """What `open_dispute` and `convert` take of it."""
        names = (
            "type", "summary", "wish", "occurred_on", "scale", "people_count", "amount", "is_public_security",
            "has_violence_risk",
        )  # fmt: skip
        return {**self.where(), **{name: self.cleaned_data[name] for name in names}, "parties": self.parties()}


class SessionForm(forms.Form):
    version = VersionField()
    starts_at = Moment(label="什么时候")
    place = forms.CharField(
        label="在哪里", required=False, max_length=100, help_text="例如“宜和社区议事亭”。线上进行的可不填。"
    )
    is_online = forms.BooleanField(label="线上进行", required=False)
    is_tea_table = forms.BooleanField(label="一杯茶", required=False, help_text="泡杯茶坐下来慢慢谈，先聊家常再说事。")


RESULTS = [choice for choice in Session.Result.choices if choice[0] != Session.Result.UNKNOWN]


class RecordForm(forms.Form):
    version = VersionField()
    present = PartiesChoice(
        label="到场的当事人",
        queryset=Party.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选到场的当事人。"},
    )
    others_present = forms.CharField(label="其他到场人（可不填）", required=False, max_length=200)
    record = WordsField(
        label="谈了什么",
        max_length=MAX_RECORD,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请记下这次谈了什么、各方怎么说。", **too_long(MAX_RECORD)},
    )

    result = forms.ChoiceField(
        label="谈得怎么样",
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选这次调解的结果。"},
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["present"], Party.objects.filter(dispute=case.pk).order_by("side", "pk"))


class AgreementForm(forms.Form):
    version = VersionField()
    form = forms.ChoiceField(
        label="形式",
        choices=Form.choices,
        widget=forms.RadioSelect,
        help_text="当场履行完的小事可以口头；一方要求、以后才履行或重大复杂的，用书面。",
        error_messages={"required": "请选择用口头协议还是书面协议。"},
    )
    settles_status = status_field()
    facts = WordsField(
        label="主要事实和争议事项",
        max_length=MAX_TEXT,
        error_messages={"required": "请写明主要事实和争议的是什么。", **too_long(MAX_TEXT)},
    )
    responsibilities = WordsField(
        label="各方责任",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明各方的责任。", **too_long(MAX_TEXT)},
    )

    def __init__(self, *args: Any, case: Case, earlier: Agreement | None = None, **kwargs: Any) -> None:
        """`earlier`: a draft that was put aside, whose words it begins with."""
        first: dict[str, Any] = {"version": case.version}
        if earlier is not None:
            first |= {name: getattr(earlier, name) for name in ("form", "facts", "responsibilities")}
            first["settles_status"] = status_said(earlier)
        super().__init__(*args, **{**kwargs, "initial": first})
        if not case.dispute.type.may_concern_status:
            del self.fields["settles_status"]


class ClauseForm(forms.Form):
    """An empty one is left out; of one that was begun, the service names what is missing."""

    what = WordsField(label="做什么", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    how = forms.CharField(label="怎么履行", required=False, help_text="例如“当场付现金”“银行转账”“上门维修”。")
    deadline = Day(label="什么时候前", required=False)


ClauseForms = forms.formset_factory(ClauseForm, extra=3, max_num=20, absolute_max=20)


class TalkForm(forms.Form):
    words = WordsField(
        label="想说的话", max_length=2000, error_messages={"required": "请写下想说的话。", **too_long(2000)}
    )


class PullUpForm(forms.Form):
    words = WordsField(
        label="为什么要提级", max_length=500, error_messages={"required": "请写明理由。", **too_long(500)}
    )
