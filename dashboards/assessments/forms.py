"""What pages of assessments ask for. Shape only; the services say what is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.forms.fields import person_field, refuse
from cases.forms import PostChoice, WordsField
from dashboards.assessments.scoring import short
from dashboards.assessments.services.sets import PER
from dashboards.figures.measures import MEASURES
from dashboards.figures.periods import Period
from dashboards.figures.sums import SHARES
from dashboards.models import Evidence, Indicator, IndicatorSet, Score, ScorerRole
from grids.models import Grid, Level, Post
from photos.fields import PhotosField
from web.choices import offer_rows, offer_words
from web.time_fields import Day

LONGEST = 500
QUARTERS, YEARS = 4, 2
"""So many periods back may be chosen."""


class Points(forms.DecimalField):
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"})

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": "请填写分数。", "invalid": "请填写数字，例如 8.5。"}
        messages |= {"min_value": "不能小于 0。", "max_decimal_places": "最多两位小数。", "max_digits": "数字太大了。"}
        super().__init__(error_messages=messages, min_value=0, max_digits=7, decimal_places=2, **kwargs)


def _offered(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "请选择"), *choices]


class IndicatorForm(forms.Form):
    label = forms.CharField(label="名称", max_length=40, error_messages={"required": "请填写名称。"})
    weight = Points(label="分值", help_text="满分多少分。不含加分项，各项合计 100。")
    is_bonus = forms.BooleanField(label="加分项（不算在 100 分里）", required=False)
    source = forms.ChoiceField(
        label="计分方式",
        choices=Indicator.Source.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选计分方式。"},
    )
    share = forms.ChoiceField(
        label="哪项比率", required=False, choices=_offered((code, share.label) for code, share in SHARES.items())
    )
    measure = forms.ChoiceField(
        label="哪项数量", required=False, choices=_offered((code, measure.label) for code, measure in MEASURES.items())
    )
    per = forms.ChoiceField(
        label="除以（可不选）",
        required=False,
        help_text="大小不同的地方，除以网格数等才好比。",
        choices=[("", "不除"), *((code, MEASURES[code].label) for code in PER)],
    )
    floor = Points(label="零分线", required=False, help_text="到这个数没有分。比率填百分数，例如 60。")
    target = Points(label="满分线", required=False, help_text="到这个数得满分，中间按比例。比零分线小，就是越少越好。")
    scorers = forms.MultipleChoiceField(
        label="谁来打分", required=False, choices=ScorerRole.choices, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label="看什么（现场打分的）", max_length=300, required=False)
    evidence = forms.CharField(label="要什么佐证（可不填）", max_length=200, required=False)

    @classmethod
    def first_of(cls, indicator: Indicator) -> dict[str, Any]:
        """What stands in the form of an indicator that is there."""
        names = ("label", "weight", "is_bonus", "source", "per", "floor", "target", "scorers", "words", "evidence")
        return {**{name: getattr(indicator, name) for name in names}, indicator.source: indicator.code}

    @property
    def given(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = dict(self.cleaned_data)
        choices = {"share": cleaned.pop("share"), "measure": cleaned.pop("measure")}
        return cleaned | {"code": choices.get(cleaned["source"], "")}

    def refuse(self, refusal: Any) -> None:
        source = self.cleaned_data.get("source", "share")
        refuse(self, refusal, {"code": source})


class SetChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, indicator_set: IndicatorSet) -> str:
        return f"{indicator_set}，给{indicator_set.get_ranked_display()}排名"


class ReviewForm(forms.Form):
    of = SetChoice(
        label="按哪套指标",
        queryset=IndicatorSet.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选一套指标。"},
    )
    period = forms.ChoiceField(label="考核哪一期")

    def __init__(self, *args: Any, sets: list[IndicatorSet], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(
            self.fields["of"],
            IndicatorSet.objects.filter(pk__in=[indicator_set.pk for indicator_set in sets]).order_by("name"),
        )
        offer_words(
            self.fields["period"],
            [(f"{period.code}:{period.first.isoformat()}", period.words) for period in _periods(localdate(at))],
        )

    def clean_period(self) -> Period:
        code, _, first = self.cleaned_data["period"].partition(":")
        return Period.of(code, date.fromisoformat(first))


def _periods(today: date) -> list[Period]:
    periods = []
    for code, many in (("quarter", QUARTERS), ("year", YEARS)):
        period = Period.of(code, today)
        for _ in range(many):
            periods.append(period)
            period = period.before
    return periods


class ScorerForm(forms.Form):
    person = person_field("手机号")
    role = forms.ChoiceField(
        label="身份", choices=ScorerRole.choices, widget=forms.RadioSelect, error_messages={"required": "请选身份。"}
    )
    home = forms.ModelChoiceField(
        label="他的社区或小区",
        queryset=Grid.objects.none(),
        required=False,
        empty_label="不在这个街道",
        help_text="他不给那里打分。群众代表、业委会必选。",
    )

    def __init__(self, *args: Any, street: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes = Grid.objects.in_area([street]).current()
        offer_rows(
            self.fields["home"],
            nodes.filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("lft"),
            lambda node: "　" * (node.level - 1) + node.name,
        )


@dataclass(frozen=True)
class Item:
    """One indicator on the page of a scorer."""

    indicator: Indicator
    points: forms.BoundField
    words: forms.BoundField
    photos: forms.BoundField
    kept: list[Evidence]
    given: Score | None

    @property
    def opens(self) -> bool:
        """Something in its details is there or to be put right."""
        return bool(self.words.errors or self.photos.errors or self.words.value() or self.kept)


class ScoreForm(forms.Form):
    """All a scorer gives one node. Each indicator is taken by itself: what is wrong in one stops no other."""

    def __init__(
        self, *args: Any, indicators: Sequence[Indicator], given: dict[int, Score], kept: dict[int, list[Evidence]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.indicators, self.given, self.kept = indicators, given, kept
        for indicator in indicators:
            score = given.get(indicator.pk)
            self.fields[f"points_{indicator.pk}"] = _points_field(indicator, score)
            self.fields[f"words_{indicator.pk}"] = WordsField(
                label="想说的（可不填）",
                max_length=300,
                required=False,
                initial=score.words if score else "",
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": "最多 300 字，您写了 %(show_value)s 字。"},
            )
            self.fields[f"photos_{indicator.pk}"] = PhotosField(
                label="照片（可不选）", required=False, initial=[photo.sha256 for photo in kept.get(indicator.pk, [])]
            )

    def items(self) -> list[Item]:
        return [
            Item(
                indicator,
                self[f"points_{indicator.pk}"],
                self[f"words_{indicator.pk}"],
                self[f"photos_{indicator.pk}"],
                self.kept.get(indicator.pk, []),
                self.given.get(indicator.pk),
            )
            for indicator in self.indicators
        ]

    def answers(self) -> list[tuple[Indicator, dict[str, Any]]]:
        """What may be written, indicator by indicator; words without points are asked for their points."""
        answers = []
        for indicator in self.indicators:
            names = {name: f"{name}_{indicator.pk}" for name in ("points", "words", "photos")}
            if any(self.has_error(name) for name in names.values()):
                continue
            given = {name: self.cleaned_data.get(field) for name, field in names.items()}
            if given["points"] is not None:
                answers.append((indicator, given))
            elif given["words"] or given["photos"]:
                self.add_error(names["points"], "请先打分。")
        return answers

    def refuse(self, indicator: Indicator, refusal: Any) -> None:
        refuse(self, refusal, {name: f"{name}_{indicator.pk}" for name in ("points", "words", "photos")})


def _points_field(indicator: Indicator, score: Score | None) -> forms.Field:
    """Whole points of a small item are tapped, others typed."""
    is_tapped = indicator.weight <= 10 and indicator.weight == int(indicator.weight)
    initial = score.points if score else None
    if not is_tapped or (initial is not None and initial != int(initial)):
        return Points(label=f"打分（满分 {short(indicator.weight)}）", required=False, initial=initial)
    return forms.TypedChoiceField(
        label=f"打分（满分 {short(indicator.weight)}）",
        required=False,
        coerce=Decimal,
        empty_value=None,
        choices=[(str(number), str(number)) for number in range(int(indicator.weight) + 1)],
        widget=forms.RadioSelect,
        initial=None if initial is None else str(int(initial)),
        error_messages={"invalid_choice": "请选一个分数。"},
    )


class AppealForm(forms.Form):
    words = WordsField(
        label="申诉理由",
        max_length=LONGEST,
        help_text="写明哪里不对、依据是什么。",
        error_messages={
            "required": "请写明哪里不对、依据是什么。",
            "max_length": f"最多 {LONGEST} 字，您写了 %(show_value)s 字。",
        },
    )


class YesNo(forms.TypedChoiceField):
    widget = forms.RadioSelect

    def __init__(self, *, yes: str, no: str, **kwargs: Any) -> None:
        messages = {"required": "请选一个。"}
        super().__init__(
            choices=[("1", yes), ("0", no)], coerce=lambda choice: choice == "1", error_messages=messages, **kwargs
        )


class AnswerForm(forms.Form):
    is_accepted = YesNo(label="怎么答复", yes="采纳，更正得分", no="不采纳")
    points = Points(label="更正为（采纳时填）", required=False)
    reason = WordsField(
        label="理由",
        max_length=LONGEST,
        error_messages={"required": "请写明理由。", "max_length": f"最多 {LONGEST} 字，您写了 %(show_value)s 字。"},
    )


class PlanForm(forms.Form):
    is_confirmed = YesNo(label="怎么定", yes="确定整顿提升", no="移出，不列入")
    reason = forms.CharField(
        label="理由（移出时必填）", max_length=300, required=False, error_messages={"max_length": "最多 300 字。"}
    )


class ItemForm(forms.Form):
    what = forms.CharField(
        label="做什么", max_length=200, error_messages={"required": "请写明要做什么。", "max_length": "最多 200 字。"}
    )
    post = PostChoice(
        label="谁来办", queryset=Post.objects.none(), empty_label="请选择", error_messages={"required": "请选谁来办。"}
    )
    by_date = Day(label="哪天以前")

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["post"], posts)


class CommentForm(forms.Form):
    words = WordsField(
        label="我的说明",
        max_length=LONGEST,
        required=False,
        help_text="写在这一期旁边，看这张单子的人都看得到。清空就是收回。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"最多 {LONGEST} 字，您写了 %(show_value)s 字。"},
    )
