"""A service order: what a service has beyond a case; who it was offered to and what came of it; the series it is of."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.personal_data import EncryptedTextField
from cases.models import Case, Category
from grids.models import Grid
from volunteers.models.callout import CallOut
from volunteers.models.lists import Need, Project
from volunteers.models.team import Team
from volunteers.models.words import ANYONE, AT_LEAST_TWO, GUARDED, SERVES


class CheckIn(models.TextChoices):
    CODE = "code", "门口的签到码"
    PLACE = "place", "到场定位"


def door_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


class Series(models.Model):
    """A service that comes again: a weekly visit, child care while a parent is at work."""

    title = models.CharField("服务内容", max_length=80)
    words = models.TextField("具体说明", blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="服务分类")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="service_series", verbose_name="所在网格")
    place = models.CharField("地点", max_length=200)
    address_note = EncryptedTextField("门牌", blank=True)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="受助人"
    )
    serves = models.CharField("服务对象", max_length=12, choices=list(SERVES.items()), default=ANYONE)
    wanted = models.PositiveSmallIntegerField("需要几人")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name="队伍")
    helpers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="固定志愿者")
    every_days = models.PositiveSmallIntegerField("每几天一次")
    minutes = models.PositiveSmallIntegerField("每次多久（分钟）")
    next_at = models.DateTimeField("下一次")
    until_at = models.DateTimeField("到何时为止", null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = "定期服务"
        verbose_name_plural = "定期服务"
        constraints = [
            models.CheckConstraint(condition=Q(every_days__gt=0, minutes__gt=0, wanted__gt=0), name="series_positive"),
        ]
        indexes = [models.Index(fields=["next_at"], name="series_next")]

    class PersonalData:
        personal = ("title", "words", "place", "address_note", "asker", "serves")
        plain = (
            "id", "category", "grid", "wanted", "team", "every_days", "minutes", "next_at", "until_at", "opened_by",
            
        )  # fmt: skip

    def __str__(self) -> str:
        return f"定期服务 {self.pk}"

    @property
    def is_guarded(self) -> bool:
        return self.serves in GUARDED


class ServiceOrder(models.Model):
    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="service", verbose_name="事项")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="orders", verbose_name="需求")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="orders", verbose_name="项目")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="orders", verbose_name="定期服务")
    call_out = models.ForeignKey(CallOut, models.PROTECT, null=True, related_name="orders", verbose_name="动员")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="orders", verbose_name="队伍")
    words = models.TextField("要做什么", blank=True)
    risks = models.CharField("风险提示", max_length=200, blank=True, help_text="接单前就能看到（志愿服务条例 12）")
    address_note = EncryptedTextField("门牌", blank=True)
    serves = models.CharField("服务对象", max_length=12, choices=list(SERVES.items()), default=ANYONE)
    wanted = models.PositiveSmallIntegerField("需要几人")
    begins_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    check_in_by = models.CharField("签到方式", max_length=10, choices=CheckIn, default=CheckIn.CODE)
    door_code = models.CharField("签到码", max_length=6, default=door_code)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True)
    radius = models.PositiveSmallIntegerField("范围（米）", default=200)
    leader_asked_at = models.DateTimeField("已请队长", null=True)

    class Meta:
        verbose_name = "服务单"
        verbose_name_plural = "服务单"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="order_ends_after_begin"),
            models.CheckConstraint(
                condition=Q(wanted__gte=AT_LEAST_TWO) | Q(serves=ANYONE, wanted__gte=1), name="order_guarded_wants_two"
            ),
            models.CheckConstraint(
                condition=Q(check_in_by="code") | Q(latitude__isnull=False, longitude__isnull=False),
                name="order_place_has_coordinates",
            ),
            models.UniqueConstraint(fields=["series", "begins_at"], name="order_once_a_date_of_series"),
        ]

    class PersonalData:
        personal = ("words", "address_note", "serves", "latitude", "longitude")
        plain = (
            "case", "need", "project", "series", "call_out", "team", "risks", "wanted", "begins_at", "ends_at",
            "check_in_by", "door_code", "radius", "leader_asked_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"服务单 {self.pk}"

    @property
    def is_guarded(self) -> bool:
        """Two people together, both checked."""
        return self.serves in GUARDED


class Offer(models.Model):
    """One person asked for one order. Declining and not answering are states like any other: nothing hangs on them."""

    class State(models.TextChoices):
        QUEUED = "queued", "候补"
        OFFERED = "offered", "待答复"
        ACCEPTED = "accepted", "已接单"
        DECLINED = "declined", "已谢绝"
        LAPSED = "lapsed", "未答复"
        WITHDRAWN = "withdrawn", "已收回"
        STEPPED_BACK = "stepped_back", "去不了"
        ABSENT = "absent", "未到场"

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="offers", verbose_name="服务单")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_offers", verbose_name="志愿者"
    )
    state = models.CharField("状态", max_length=12, choices=State)
    rank = models.PositiveSmallIntegerField("顺序")
    why = models.CharField("推荐理由", max_length=200, blank=True)
    offered_at = models.DateTimeField("邀请时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    arrived_at = models.DateTimeField("签到", null=True)
    left_at = models.DateTimeField("签退", null=True)

    class Meta:
        verbose_name = "服务邀请"
        verbose_name_plural = "服务邀请"
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="offer_once_a_person"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(arrived_at__isnull=False, left_at__gte=F("arrived_at")),
                name="offer_left_after_arriving",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="offer_by_person")]

    class PersonalData:
        personal = ("person", "state", "why", "arrived_at", "left_at")
        plain = ("id", "order", "rank", "offered_at", "answered_at")

    def __str__(self) -> str:
        return f"服务邀请 {self.pk}"
