"""One row that is written anew whenever something changes of what staff tune: calendar, time limits, routing rules,
categories. Triggers write it, whoever changed them."""

from django.db import models


class RulesStamp(models.Model):
    value = models.UUIDField("版本")

    class Meta:
        verbose_name = "规则版本"
        verbose_name_plural = "规则版本"

    class PersonalData:
        personal = ()
        plain = ("id", "value")

    def __str__(self) -> str:
        return str(self.value)
