"""Form fields of the arrows' own, by name: cases/forms.py has those of every kind. Shape only."""

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from cases.forms import PostChoice, WordsField
from cases.models import Case
from cases.models.rating import Score
from disputes.models import (
    Agreement,
    Assent,
    Clause,
    Difficulty,
    DisputeType,
    Guidance,
    Party,
    Performance,
    PlainKind,
    Reason,
    Will,
)
from disputes.services import agreements
from disputes.services.levels import ENDINGS
from disputes.services.mediators import mediators_for
from grids.forms.fields import PostsChoice
from grids.models import Post
from photos.fields import PhotoField
from web.text import article

NO_BUILDING = "none"


class PartyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, party: Party) -> str:
        return party.label


class PartiesChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, party: Party) -> str:
        return party.label


class TypeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Types in use, under their parent."""

    def __init__(self, **more: Any) -> None:
        types = DisputeType.objects.filter(is_active=True).select_related("parent").order_by("code")
        errors = {"required": "请选择是哪一类纠纷。", "invalid_choice": "这一类别已停用，请另选一类。"}
        super().__init__(queryset=types, label="哪一类纠纷", empty_label="请选择", error_messages=errors, **more)

    def label_from_instance(self, kind: DisputeType) -> str:
        return kind.label


class BuildingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A building, or said in so many words that it is none or not known. Gives None then."""

    class iterator(ModelChoiceIterator):  # type: ignore[type-arg]  # noqa: N801  # generic in the stubs only; Django's name
        def __iter__(self) -> Any:
            yield from super().__iter__()
            yield NO_BUILDING, "不清楚，或在公共区域"

    def clean(self, value: Any) -> Any:
        return None if value == NO_BUILDING else super().clean(value)


class PlainKindChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """What it is about, in plain words."""

    def __init__(self, **more: Any) -> None:
        kinds = PlainKind.objects.filter(is_active=True).select_related("type__parent").order_by("order", "pk")
        errors = {
            "required": "请选一类，拿不准就选“不清楚”。",
            "invalid_choice": "这一类已停用，请另选一类。",
        }
        super().__init__(
            queryset=kinds,
            label="大概是哪一类",
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages=errors,
            **more,
        )


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


class GuidanceChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
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


def _gaps(case: Case, required: bool) -> forms.Field:
    return WordsField(
        label="卷宗缺件说明（卷宗齐全的不填）",
        required=False,
        max_length=300,
        help_text="终止以后卷宗即归档。应有的文书还缺的，写明缺什么、为什么。",
        error_messages=too_long(300),
    )


def _how(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label="怎么确认的",
        choices=[(Assent.How.SPOKEN, "当面口头确认"), (Assent.How.PAPER, "纸面签字")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择确认的方式。"},
    )


def _scan(case: Case, required: bool) -> forms.Field:
    return PhotoField(label="签名的扫描件或照片（可不选）", required=False, help_text="纸面签字的，拍下签名处上传。")


class ClauseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, clause: Clause) -> str:
        return f"{article(clause.number)} {clause.what[:40]}"


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
        label="涉及金额（元，可不填）",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"invalid": "请填数字，例如 1500。", "min_value": "金额不能是负数。"},
        **more,
    )


def _settles_status(case: Case, required: bool) -> forms.Field:
    return status_field(initial=status_said(agreements.current_agreement(case)))


def status_said(agreement: Agreement | None) -> str:
    """What was answered to `status_field`; "" where nobody was asked."""
    if agreement is None or agreement.settles_status is None:
        return ""
    return "1" if agreement.settles_status else "0"


def status_field(**more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="协议里有没有确认或解除婚姻、收养、亲子等身份关系的内容",
        help_text="只说钱、物或者怎么做的，不算，例如分遗产、抚养费、赡养费。有这类内容的，法院不予司法确认。",
        choices=[("0", "没有"), ("1", "有")],
        coerce=lambda choice: choice == "1",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择协议里有没有身份关系的内容。"},
        **more,
    )


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
    "gaps": _gaps,
    "how": _how,
    "scan": _scan,
    "clause": _clause,
    "degree": _degree,
    "score": _score,
    "type": _type,
    "difficulty": _difficulty,
    "money": _money,
    "number": _number,
    "settles_status": _settles_status,
}


def too_long(limit: int) -> dict[str, str]:
    return {"max_length": f"最多 {limit} 字，您写了 %(show_value)s 字，请精简一些。"}
