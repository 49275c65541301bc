"""转警格: a case laid before the police of its community, with a time limit of its own, until they answer. The holder stays
responsible, and their own limit runs on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case, unit_choices
from cases.models.seat import Seat
from grids.models import Post


class Referral(models.Model):
    class End(models.TextChoices):
        ANSWERED = "answered", "已答复"
        RECALLED = "recalled", "已撤回"
        CLOSED = "closed", "事项已归档"
        UNMANNED = "unmanned", "警格无人在岗"

    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals", verbose_name="事项")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="民警")
    seat = models.ForeignKey(
        Seat,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="席位",
        help_text="因这次转办而有的席位，答复后收回；此前已有席位的为空",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="转办人")
    at = models.DateTimeField("转办时间")
    due_at = models.DateTimeField("答复时限")
    amount = models.PositiveSmallIntegerField("限时")
    unit = models.CharField("单位", max_length=10, choices=unit_choices)
    was_late = models.BooleanField("曾超时", default=False)
    ended_at = models.DateTimeField("了结时间", null=True)
    end = models.CharField("了结方式", max_length=10, choices=End, blank=True)

    class Meta:
        verbose_name = "转警格"
        verbose_name_plural = "转警格"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_referral_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="referral_ended_as_a_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(ended_at=None, was_late=False), name="referral_due"),
            models.Index(fields=["post"], condition=Q(ended_at=None), name="referral_in_hand"),
        ]

    class PersonalData:
        personal = ("by",)
        plain = (
            "id", "case", "post", "seat", "at", "due_at", "amount", "unit", "was_late", "ended_at", "end",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"转警格 {self.pk}"
