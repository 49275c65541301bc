"""A database is the demonstration's or the real one's for as long as it lasts."""

from django.db import models
from django.db.models import Q


class Demonstration(models.Model):
    """One row in a database of a demonstration, none in a real one."""

    id = models.SmallIntegerField("编号", primary_key=True, default=1)
    begun_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "演示数据库"
        verbose_name_plural = "演示数据库"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demonstration_is_one")]

    class PersonalData:
        personal = ()
        plain = ("id", "begun_at")

    def __str__(self) -> str:
        return f"演示数据库，{self.begun_at:%Y-%m-%d} 建立"
