"""Forms by which the desk opens services, once or again and again, and asks people for them. Shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from cases.forms import VersionField, WordsField
from grids.models import Grid
from grids.models.querysets import GridQuerySet
from volunteers.dispatch.matching import Proposal
from volunteers.forms.shared import Count, ServiceChoice, offer_nodes
from volunteers.models import CheckIn, ServiceOrder, Team
from volunteers.models.words import SERVES
from web.choices import offer_rows, offer_words
from web.time_fields import Day, Moment

RADIUS: int = ServiceOrder._meta.get_field("radius").default
"""Metres."""


class ServiceForm(forms.Form):
    """What is to be done, for whom, where."""

    phone = forms.CharField(
        label="受助人手机号（可不填）",
        required=False,
        help_text="填了，本人能看到谁来、几点来，做完由本人评价。要先在平台登录过。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    title = forms.CharField(label="做什么", max_length=80, error_messages={"required": "请写明做什么。"})
    words = WordsField(label="具体说明（可不填）", max_length=1000, required=False)
    category = ServiceChoice()
    grid = forms.ModelChoiceField(
        label="在哪里", queryset=Grid.objects.none(), empty_label="请选择", error_messages={"required": "请选择地点。"}
    )
    address_note = forms.CharField(
        label="门牌（可不填）", required=False, max_length=100, help_text="只给接了单的志愿者看。"
    )
    serves = forms.ChoiceField(
        label="服务对象", choices=list(SERVES.items()), help_text="未成年人和独居老人要两位、经过背景核查的志愿者。"
    )
    wanted = forms.IntegerField(
        label="要几位", min_value=1, max_value=200, initial=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    team = forms.ModelChoiceField(
        label="哪支队伍（可不选）", queryset=Team.objects.none(), required=False, empty_label="不限队伍"
    )

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_nodes(self.fields["grid"], within)
        offer_rows(self.fields["team"], Team.objects.filter(ended_at=None, grid__in=within).order_by("name"))

    def clean_phone(self) -> User | None:
        phone = self.cleaned_data["phone"]
        if not phone:
            return None
        person = User.objects.with_phone(phone)
        if person is None:
            raise forms.ValidationError("这个号码还没有登录过平台。可请本人登录一次，或先不填。")
        return person


class OrderForm(ServiceForm):
    """A service on one day."""

    begins_at = Moment(label="开始")
    ends_at = Moment(label="结束")
    risks = forms.CharField(
        label="要提醒志愿者的风险（可不填）",
        required=False,
        max_length=200,
        help_text="接单前就看得到，例如“老人听力不好”。",
    )
    check_in_by = forms.ChoiceField(label="怎么签到", choices=CheckIn, initial=CheckIn.CODE)
    latitude = forms.DecimalField(label="纬度（定位签到才填）", required=False, max_digits=8, decimal_places=5)
    longitude = forms.DecimalField(label="经度（定位签到才填）", required=False, max_digits=8, decimal_places=5)
    radius = Count(label="离地点多少米以内算到场", required=False, min_value=50, max_value=2000, initial=RADIUS)
    field_order = [
        "phone", "title", "words", "category", "grid", "address_note", "serves", "wanted", "begins_at", "ends_at", "team",
        "risks", "check_in_by", "latitude", "longitude", "radius",
    ]  # fmt: skip

    def clean_radius(self) -> int:
        return self.cleaned_data["radius"] or RADIUS


class SeriesForm(ServiceForm):
    """A service that comes again."""

    next_at = Moment(label="第一次")
    minutes = Count(label="每次多少分钟", min_value=15, max_value=1440, initial=120)
    every_days = forms.TypedChoiceField(
        label="多久一次", coerce=int, choices=[(7, "每周"), (14, "每两周"), (1, "每天"), (30, "每 30 天")]
    )
    until = Day(label="到哪天为止（可不填）", required=False)


class PeopleForm(forms.Form):
    """Whom to ask, best first."""

    people = forms.MultipleChoiceField(
        label="请谁",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一位志愿者。"},
    )

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposals = proposals
        offer_words(
            self.fields["people"],
            [(str(proposal.candidate.key), f"{proposal.candidate.label}（{proposal.why}）") for proposal in proposals],
        )

    def clean_people(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["people"]]


class OfferForm(PeopleForm):
    version = VersionField()
    all_at_once = forms.BooleanField(
        label="同时问所有人，先接的去", required=False, help_text="不选就按顺序问，一位来不了再问下一位。"
    )
