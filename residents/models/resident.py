"""What a resident asked us to remember: where they live, so that the next request is two taps shorter."""

from django.conf import settings
from django.db import models

from grids.models import Building, Grid


class Resident(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="resident",
        verbose_name="居民",
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="常用地点")
    building = models.ForeignKey(
        Building, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )

    class Meta:
        verbose_name = "居民"
        verbose_name_plural = "居民"

    class PersonalData:
        personal = ("person", "grid", "building")
        plain = ()

    def __str__(self) -> str:
        return f"居民 {self.pk}"
