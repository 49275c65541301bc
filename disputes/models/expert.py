"""The panel of experts (近邻调解专家库): who they are, what they know, whom they serve, when they are free.

How long somebody is on the panel is their post (role `expert`, grids.models.Post): one truth for what they may see, for
whom they may mediate and for whether they can be booked."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.timezone import localtime

from disputes.models.expert_querysets import ExpertQuerySet, SlotQuerySet
from grids.models import Grid
from photos.storing import private_path
from web.period_ends import end_in_words


class ExpertField(models.Model):
    """What people come with: 劳动争议, 物业纠纷, 心理疏导 …"""

    name = models.CharField("领域", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "专家领域"
        verbose_name_plural = "专家领域"

    class PersonalData:
        personal = ()
        plain = ("id", "name", "order", "is_active")

    def __str__(self) -> str:
        return self.name


class ExpertKind(models.TextChoices):
    LAWYER = "lawyer", "律师"
    MEDIATOR = "mediator", "调解员"
    PSYCHOLOGIST = "psychologist", "心理咨询师"
    ELDER = "elder", "老党员乡贤"
    POLICE = "police", "民警"


class Expert(models.Model):
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert", verbose_name="专家")
    kind = models.CharField("类别", max_length=20, choices=ExpertKind)
    fields = models.ManyToManyField(ExpertField, related_name="experts", verbose_name="擅长领域")
    communities = models.ManyToManyField(Grid, related_name="+", verbose_name="服务社区")
    languages = models.CharField("会说", max_length=60, default="普通话", help_text="例如：普通话、政和话、手语")
    introduction = models.TextField("介绍", max_length=500, blank=True)
    photo = models.FileField("照片", upload_to=private_path, blank=True)
    is_listed = models.BooleanField("上牌", default=True, help_text="不上牌的居民看不到，也约不到")

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        verbose_name_plural = "专家库"

    class PersonalData:
        personal = ("person", "languages", "introduction", "photo")
        plain = ("id", "kind", "is_listed")

    def __str__(self) -> str:
        return f"专家 {self.pk}"

    @property
    def words(self) -> str:
        """ "律师 张某". Loads the person."""
        return f"{self.get_kind_display()} {self.person.name}"


class Training(models.Model):
    """What an expert was trained in: part of the record of their appointment."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="trainings", verbose_name="专家")
    held_on = models.DateField("日期")
    topic = models.CharField("内容", max_length=100)
    hours = models.PositiveSmallIntegerField("学时")

    class Meta:
        verbose_name = "培训记录"
        verbose_name_plural = "培训记录"

    class PersonalData:
        personal = ("topic",)
        plain = ("id", "expert", "held_on", "hours")

    def __str__(self) -> str:
        return f"培训 {self.pk}"


class Slot(models.Model):
    """A time an expert keeps free for one conversation: from ≤ t < until."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="slots", verbose_name="专家")
    from_at = models.DateTimeField("开始")
    until_at = models.DateTimeField("结束")
    place = models.CharField("地点", max_length=60, blank=True, help_text="不填即线上")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = "时段"
        verbose_name_plural = "时段"
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="slot_until_after_from"),
            # The expert as a range of one, so that no extension is needed for the equality.
            ExclusionConstraint(
                name="slots_of_an_expert_apart",
                expressions=[
                    (Func("expert_id", "expert_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("from_at", "until_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at=None),
            ),
        ]
        indexes = [models.Index(fields=["from_at"], condition=Q(withdrawn_at=None), name="slot_by_time")]

    class PersonalData:
        personal = ()
        plain = ("id", "expert", "from_at", "until_at", "place", "withdrawn_at")

    def __str__(self) -> str:
        return f"时段 {self.pk}"

    @property
    def where(self) -> str:
        return self.place or "线上"

    @property
    def when(self) -> str:
        """ "11月26日 周四 09:00–10:00"."""
        return f"{spoken(self.from_at)}–{end_in_words(self.until_at, 'H:i')}"

    @property
    def words(self) -> str:
        return f"{self.when} {self.where}"


WEEKDAYS = "一二三四五六日"


def spoken(at: datetime) -> str:
    """ "11月26日 周四 09:00"."""
    local = localtime(at)
    return f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]} {local:%H:%M}"
