"""Fields of the arrows' own, and the forms of the pages where more is said than fields of an arrow. Shape only."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.personal_data import normalise_phone
from cases.forms import PostChoice, WordsField
from cases.models import Case
from cases.models.rating import Score
from disputes.models import (
    Assent,
    Clause,
    Difficulty,
    DisputeType,
    Form,
    Guidance,
    Party,
    Performance,
    Reason,
    Scale,
    Side,
    Source,
    Will,
)
from disputes.services.agreements import MAX_TEXT
from disputes.services.levels import ENDINGS
from disputes.services.mediators import mediators_for
from disputes.services.opening import MAX_SUMMARY, PartySaid
from disputes.services.sessions import MAX_RECORD
from grids.models import Building, Grid, Level, Post
from grids.querysets import GridQuerySet


class PartyChoice(forms.ModelChoiceField):
    def label_from_instance(self, party: Party) -> str:
        return party.label


class PartiesChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, party: Party) -> str:
        return party.label


class PostsChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, post: Post) -> str:
        return post.words


class TypeChoice(forms.ModelChoiceField):
    """Types in use, under their parent."""

    def __init__(self, **more: Any) -> None:
        types = DisputeType.objects.filter(is_active=True).select_related("parent").order_by("code")
        errors = {"required": "请选择是哪一类纠纷。", "invalid_choice": "这一类别已停用，请另选一类。"}
        super().__init__(queryset=types, label="哪一类纠纷", empty_label="请选择", error_messages=errors, **more)

    def label_from_instance(self, kind: DisputeType) -> str:
        return kind.label


def _party(case: Case, required: bool) -> forms.Field:
    parties = Party.objects.filter(dispute=case.pk).order_by("side", "pk")
    return PartyChoice(
        label="哪一位当事人", queryset=parties, empty_label="请选择", error_messages={"required": "请选择当事人。"}
    )


def _will(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label="愿不愿意调解",
        choices=[(Will.AGREES, "同意调解"), (Will.REFUSES, "不同意调解")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择当事人的意愿。"},
    )


def _mediators(case: Case, required: bool) -> forms.Field:
    posts = mediators_for(case, at=timezone.now()).select_related("person", "grid")
    return PostsChoice(
        label="由谁调解（可选几位）",
        queryset=posts.order_by("-grid__level", "pk"),
        initial=[case.holder_id],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一位调解员。", "invalid_choice": "有一位不能调解这件纠纷，请重新选择。"},
    )


def _mediator(case: Case, required: bool) -> forms.Field:
    posts = Post.objects.filter(seats__case=case, seats__role="mediator", seats__until_at=None)
    return PostChoice(
        label="谁需要回避",
        queryset=posts.select_related("person", "grid").distinct(),
        required=False,
        empty_label="我自己",
    )


def _ground(case: Case, required: bool) -> forms.Field:
    return forms.ModelChoiceField(
        label="不予受理的情形",
        queryset=Reason.objects.filter(is_active=True).order_by("order", "pk"),
        empty_label="请选择",
        error_messages={"required": "请选择不予受理的情形。"},
    )


class GuidanceChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, way: Guidance) -> str:
        return f"{way.name}：{way.advice}"


def _guidance(case: Case, required: bool) -> forms.Field:
    return GuidanceChoice(
        label="告知当事人还可以走的途径",
        queryset=Guidance.objects.filter(is_active=True).order_by("order", "pk"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少告知一条其他途径。"},
    )


def _ending(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label="终止的原因",
        choices=[(code, label) for code, (label, _) in ENDINGS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择终止的原因。"},
    )


def _how(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label="怎么确认的",
        choices=[(Assent.How.SPOKEN, "当面口头确认"), (Assent.How.PAPER, "纸面签字")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择确认的方式。"},
    )


class ClauseChoice(forms.ModelChoiceField):
    def label_from_instance(self, clause: Clause) -> str:
        return f"第{clause.number}条 {clause.what[:40]}"


def _clause(case: Case, required: bool) -> forms.Field:
    clauses = Clause.objects.filter(agreement__dispute=case.pk, agreement__withdrawn_at=None).order_by("number")
    return ClauseChoice(
        label="哪一条", queryset=clauses, empty_label=None, error_messages={"required": "请选择是哪一条。"}
    )


def _degree(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label="履行情况",
        choices=Performance.Degree.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择履行情况。"},
    )


def _score(case: Case, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label="您对这次调解满意吗",
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项满意度。"},
    )


def _type(case: Case, required: bool) -> forms.Field:
    return TypeChoice(initial=case.dispute.type_id)


def _difficulty(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(label="难易程度", choices=Difficulty.choices, initial=case.dispute.difficulty)


def _money(case: Case, required: bool) -> forms.Field:
    return money_field(initial=case.dispute.amount)


def money_field(**more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label="涉及金额（元，可不填）", required=False, min_value=0, max_digits=14, decimal_places=2,
        error_messages={"invalid": "请填数字，例如 1500。", "min_value": "金额不能是负数。"}, **more,
    )  # fmt: skip


def _number(case: Case, required: bool) -> forms.Field:
    return forms.CharField(label="关联哪件事项（编号）", max_length=20, error_messages={"required": "请填编号。"})


FIELDS = {
    "party": _party,
    "will": _will,
    "mediators": _mediators,
    "mediator": _mediator,
    "ground": _ground,
    "guidance": _guidance,
    "ending": _ending,
    "how": _how,
    "clause": _clause,
    "degree": _degree,
    "score": _score,
    "type": _type,
    "difficulty": _difficulty,
    "money": _money,
    "number": _number,
}


def too_long(limit: int) -> dict[str, str]:
    return {"max_length": f"最多 {limit} 字，您写了 %(show_value)s 字，请精简一些。"}


class SpotForm(forms.Form):
    """Screen one: where. The door is asked so that the right 党小组长 hears of it; lists show the estate only."""

    place = forms.ModelChoiceField(
        label="在哪个小区",
        queryset=Grid.objects.none(),
        empty_label="请选择小区",
        help_text="不在小区里就选社区。",
        error_messages={
            "required": "请选择小区，不在小区里就选社区。",
            "invalid_choice": "这个地点已撤并，请重新选择。",
        },
    )
    building = forms.ModelChoiceField(
        label="哪一栋（可不选）",
        queryset=Building.objects.none(),
        required=False,
        empty_label="不清楚，或在公共区域",
        error_messages={"invalid_choice": "这一栋不在所选小区里，请重新选择。"},
    )
    place_note = forms.CharField(
        label="门牌或具体位置（可不填）", required=False, max_length=100, error_messages=too_long(100)
    )

    def __init__(self, *args: Any, within: GridQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = (Grid.objects.all() if within is None else within).standing()
        places = places.filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("tree_id", "lft")
        self.fields["place"].queryset = places
        self.fields["place"].label_from_instance = lambda node: "　" * (node.level - 1) + node.name
        chosen = str(self.data.get("place") or self.initial.get("place") or "")
        estate = int(chosen) if chosen.isdecimal() else None
        self.fields["building"].queryset = Building.objects.filter(estate=estate).select_related("grid").order_by("pk")
        self.fields["building"].label_from_instance = lambda building: building.label


class MatterForm(forms.Form):
    """Screen two: who and what."""

    type = TypeChoice()
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
        label="和谁有纠纷", max_length=80, help_text="对方的姓名或称呼，是单位的写单位名称。",
        error_messages={"required": "请写明和谁有纠纷。", **too_long(80)},
    )  # fmt: skip
    other_phone = forms.CharField(
        label="对方手机号（可不填）",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="填了，对方能在手机上看到并表态；不填，由调解员去问。",
    )
    other_is_organisation = forms.BooleanField(label="对方是单位", required=False)
    has_violence_risk = forms.BooleanField(
        label="我担心会动手或出事", required=False, help_text="勾选后社区民警会马上知道。正在发生危险请直接拨打 110。"
    )

    def clean_other_phone(self) -> str:
        return clean_phone(self.cleaned_data["other_phone"])

    def other_party(self) -> PartySaid:
        said = self.cleaned_data
        name = "organisation" if said["other_is_organisation"] else "name"
        return PartySaid(Side.RESPONDENT, phone=said["other_phone"], **{name: said["other_name"]})


def clean_phone(said: str) -> str:
    return normalise_phone(said) if said else ""


class PartyForm(forms.Form):
    """One party, written down by whoever mediates."""

    side = forms.ChoiceField(label="哪一方", choices=Side.choices)
    name = forms.CharField(label="姓名", required=False, max_length=80, error_messages=too_long(80))
    phone = forms.CharField(
        label="手机号（可不填）", required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    organisation = forms.CharField(
        label="单位名称（是单位才填）", required=False, max_length=100, error_messages=too_long(100)
    )
    representative = forms.CharField(label="负责人（是单位才填）", required=False, max_length=80)
    agent = forms.CharField(label="委托代理人（可不填）", required=False, max_length=80)
    is_minor = forms.BooleanField(label="未成年人", required=False)
    guardian = forms.CharField(label="监护人（未成年人要填）", required=False, max_length=80)
    language = forms.CharField(
        label="需要翻译（可不填）", required=False, max_length=20, help_text="例如：政和话、手语。"
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    @property
    def said(self) -> PartySaid:
        more = dict(self.cleaned_data)
        return PartySaid(
            side=more.pop("side"), name=more.pop("name"), phone=more.pop("phone"),
            organisation=more.pop("organisation"), more=more,
        )  # fmt: skip


class RegisterForm(SpotForm, MatterForm):
    """A dispute written down for people who came, or that a grid leader found."""

    source = forms.ChoiceField(
        label="从哪里来", choices=[choice for choice in Source.choices if choice[0] != Source.REQUEST]
    )
    asker_name = forms.CharField(
        label="申请人（或先说的一方）", max_length=80,
        error_messages={"required": "请写明申请人。", **too_long(80)},
    )  # fmt: skip
    asker_phone = forms.CharField(
        label="申请人手机号（可不填）",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    occurred_on = forms.DateField(
        label="发生日期（可不填，不填为今天）", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    scale = forms.ChoiceField(label="规模", choices=Scale.choices, initial=Scale.SINGLE)
    people_count = forms.IntegerField(label="涉及人数（可不填）", required=False, min_value=2)
    amount = money_field()
    is_public_security = forms.BooleanField(label="公安移送的治安案件", required=False)
    field_order = [
        "source", "asker_name", "asker_phone", "other_name", "other_phone", "other_is_organisation", "place",
        "building", "place_note", "type", "summary", "wish", "occurred_on", "scale", "people_count", "amount",
        "is_public_security", "has_violence_risk",
    ]  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_name"].label = "被申请人（另一方）"

    def clean_asker_phone(self) -> str:
        return clean_phone(self.cleaned_data["asker_phone"])

    def parties(self) -> list[PartySaid]:
        said = self.cleaned_data
        return [PartySaid(Side.APPLICANT, name=said["asker_name"], phone=said["asker_phone"]), self.other_party()]


class SessionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_at = forms.DateTimeField(
        label="什么时候",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"required": "请选时间。", "invalid": "请选日期和时间，例如 2026-11-25 15:00。"},
    )
    place = forms.CharField(
        label="在哪里", required=False, max_length=100, help_text="例如“宜和社区议事亭”。线上进行的可不填。"
    )
    is_online = forms.BooleanField(label="线上进行", required=False)
    is_tea_table = forms.BooleanField(label="一杯茶", required=False, help_text="泡杯茶坐下来慢慢谈，先聊家常再说事。")


class RecordForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    present = PartiesChoice(
        label="到场的当事人", queryset=Party.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选到场的当事人。"},
    )  # fmt: skip
    others_present = forms.CharField(label="其他到场人（可不填）", required=False, max_length=200)
    record = WordsField(
        label="谈了什么", max_length=MAX_RECORD, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请记下这次谈了什么、各方怎么说。", **too_long(MAX_RECORD)},
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = Party.objects.filter(dispute=case.pk).order_by("side", "pk")


class AgreementForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label="形式", choices=Form.choices, widget=forms.RadioSelect, initial=Form.ORAL,
        help_text="当场能履行的小事可以口头；一方要求、不能当场履行或重大复杂的，用书面。",
    )  # fmt: skip
    facts = WordsField(
        label="主要事实和争议事项", max_length=MAX_TEXT,
        error_messages={"required": "请写明主要事实和争议的是什么。", **too_long(MAX_TEXT)},
    )  # fmt: skip
    responsibilities = WordsField(
        label="各方责任", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明各方的责任。", **too_long(MAX_TEXT)},
    )  # fmt: skip


class ClauseForm(forms.Form):
    """An empty one is left out; of one that was begun, the service names what is missing."""

    what = WordsField(label="做什么", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    how = forms.CharField(label="怎么履行", required=False, help_text="例如“当场付现金”“银行转账”“上门维修”。")
    deadline = forms.DateField(
        label="什么时候前",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请选日期，例如 2026-12-01。"},
    )


ClauseForms = forms.formset_factory(ClauseForm, extra=3, max_num=20)


class TalkForm(forms.Form):
    words = WordsField(
        label="想说的话", max_length=2000, error_messages={"required": "请写下想说的话。", **too_long(2000)}
    )


class PullUpForm(forms.Form):
    words = WordsField(
        label="为什么要提级", max_length=500, error_messages={"required": "请写明理由。", **too_long(500)}
    )
