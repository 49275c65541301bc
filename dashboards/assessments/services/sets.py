"""Sets of indicators: written, copied, never changed once a review was opened on them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Sum

from accounts.models import User
from dashboards.assessments.scoring import FULL, short
from dashboards.assessments.services.rights import may_run, may_write
from dashboards.figures.measures import MEASURES
from dashboards.figures.sums import SHARES
from dashboards.models import Indicator, IndicatorSet, Review, ScorerRole
from grids.models import Grid
from web.text import tidy

PER = ("grids", "groups", "estates", "grid_leaders", "members")
"""What an amount may be divided by, so that large and small places compare."""


def is_fixed(indicator_set: IndicatorSet) -> bool:
    """Whether a review was opened on it."""
    return indicator_set.reviews.exclude(state=Review.State.DRAFT).exists()


def whole_weight(indicator_set: IndicatorSet) -> Decimal:
    """Of its indicators, extra points left out."""
    return indicator_set.indicators.filter(is_bonus=False).aggregate(sum=Sum("weight"))["sum"] or Decimal(0)


def check_adds_up(indicator_set: IndicatorSet) -> None:
    """Raises ValidationError: the weights are not 100 together."""
    if (whole := whole_weight(indicator_set)) != FULL:
        raise ValidationError(f"各项分值（不含加分项）合计应为 {FULL}，现在是 {short(whole)}。请先调整指标。")


def _lock(indicator_set: IndicatorSet, by: User, at: datetime) -> IndicatorSet:
    """To be written. Raises ValidationError: not one's own, or reviewed by."""
    locked: IndicatorSet = IndicatorSet.objects.select_for_update(no_key=True, of=("self",)).get(pk=indicator_set.pk)
    if not may_write(by, locked, at=at):
        raise ValidationError("这套指标不归您管，请另存一版再改。")
    if is_fixed(locked):
        raise ValidationError("这套指标已经用来考核，不能再改。请另存为新版本。")
    return locked


def save_indicator(
    *, of: IndicatorSet, indicator: Indicator | None = None, by: User, at: datetime, **fields: Any
) -> Indicator:
    """A new one, or this one anew. `fields`: label, source, code, per, weight, is_bonus, floor, target, words, evidence,
    scorers.

    Raises ValidationError at the field, or: not one's own, or reviewed by."""
    checked = _checked(fields)
    with transaction.atomic():
        locked = _lock(of, by, at)
        if indicator is None:
            last = locked.indicators.aggregate(last=Max("number"))["last"] or 0
            return Indicator.objects.create(of=locked, number=last + 1, **checked)
        for field, value in checked.items():
            setattr(indicator, field, value)
        indicator.save()
    return indicator


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """As it is kept: a computed one without what belongs to scoring by hand, and the other way round."""
    checked = {
        **fields,
        "label": tidy(fields["label"]),
        "words": tidy(fields["words"]),
        "evidence": tidy(fields["evidence"]),
    }
    if not checked["label"]:
        raise ValidationError({"label": "请填写名称。"})
    if checked["weight"] <= 0:
        raise ValidationError({"weight": "分值要大于 0。"})
    if checked["source"] == Indicator.Source.HAND:
        if not set(checked["scorers"]) or not set(checked["scorers"]) <= set(ScorerRole.values):
            raise ValidationError({"scorers": "请选谁来打分。"})
        return checked | {"code": "", "per": "", "floor": None, "target": None}
    return checked | _checked_formula(checked) | {"scorers": []}


def _checked_formula(fields: dict[str, Any]) -> dict[str, Any]:
    is_share = fields["source"] == Indicator.Source.SHARE
    if fields["code"] not in (SHARES if is_share else MEASURES):
        raise ValidationError({"code": "请选一项比率。" if is_share else "请选一项数量。"})
    for line in ("floor", "target"):
        if fields[line] is None:
            raise ValidationError({line: "请填写。"})
        if is_share and not 0 <= fields[line] <= 100:
            raise ValidationError({line: "百分比在 0 到 100 之间。"})
    if fields["floor"] == fields["target"]:
        raise ValidationError({"target": "满分线和零分线不能一样。"})
    if fields["per"] and (is_share or fields["per"] not in PER):
        raise ValidationError({"per": "比率不用再除。" if is_share else "不能除以这一项。"})
    return {"per": fields["per"]}


def remove_indicator(*, indicator: Indicator, by: User, at: datetime) -> None:
    """Raises ValidationError: not one's own, or reviewed by."""
    with transaction.atomic():
        locked = _lock(indicator.of, by, at)
        locked.indicators.filter(pk=indicator.pk).delete()
        locked.indicators.filter(number__gt=indicator.number).update(number=F("number") - 1)


def copy_set(*, of: IndicatorSet, street: Grid | None, by: User, at: datetime) -> IndicatorSet:
    """The same indicators as the next version of this name in that street (None: the county), to be changed there.

    Raises ValidationError: not one's street."""
    made = IndicatorSet(name=of.name, street=street, ranked=of.ranked, trim_from=of.trim_from, made_by=by, made_at=at)
    if not may_write(by, made, at=at):
        raise ValidationError("您不负责这个街道的考核。")
    with transaction.atomic():
        if street is not None:
            Grid.objects.select_for_update(no_key=True).get(pk=street.pk)  # two copies at once are two versions
        last = IndicatorSet.objects.filter(name=of.name, street=street).aggregate(last=Max("version"))["last"]
        made.version = (last or 0) + 1
        made.save()
        for indicator in of.indicators.all():
            indicator.pk, indicator.of = None, made
            indicator._state.adding = True
            indicator.save()
    return made


def usable(street: Grid, by: User, *, at: datetime) -> list[IndicatorSet]:
    """Sets that a review of this street may go by: the newest of each name, its own before the county's."""
    if not may_run(by, street, at=at):
        return []
    newest: dict[str, IndicatorSet] = {}
    sets = IndicatorSet.objects.filter(street__isnull=True) | IndicatorSet.objects.filter(street=street)
    for indicator_set in sets.order_by(F("street").asc(nulls_first=True), "version"):
        newest[indicator_set.name] = indicator_set
    return list(newest.values())
