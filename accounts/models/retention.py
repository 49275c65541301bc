"""How long each kind of record is kept, where staff set another time than the default (accounts/privacy/holdings.py)."""

from django.db import models
from django.db.models import Q

from accounts.privacy.holdings import label_of


class RetentionPeriod(models.Model):
    code = models.CharField("记录类型", max_length=30, primary_key=True)
    days = models.PositiveIntegerField("保存天数")

    class Meta:
        verbose_name = "保存期限"
        verbose_name_plural = "保存期限"
        constraints = [models.CheckConstraint(condition=Q(days__gt=0), name="kept_some_days")]

    class PersonalData:
        personal = ()
        plain = ("code", "days")

    def __str__(self) -> str:
        return label_of(self.code)
