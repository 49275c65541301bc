"""Which doors a grid answers for: an address (小区, 楼栋, 单元) finds its grid."""

from django.db import models

from grids.models.grid import Grid


class Building(models.Model):
    estate = models.ForeignKey(Grid, models.PROTECT, related_name="buildings", verbose_name="小区")
    name = models.CharField("楼栋", max_length=30, help_text="例如 3幢")
    unit = models.CharField("单元", max_length=30, blank=True, help_text="一幢楼分属几个网格时填写")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="covered_buildings", verbose_name="所属网格")
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    households = models.PositiveSmallIntegerField("户数", null=True, blank=True)

    class Meta:
        verbose_name = "楼栋"
        verbose_name_plural = "楼栋"
        constraints = [
            models.UniqueConstraint(fields=["estate", "name", "unit"], name="building_in_one_grid"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="building_point_is_whole",
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "estate", "name", "unit", "grid", "latitude", "longitude", "households")

    def __str__(self) -> str:
        return f"{self.name}{self.unit}（{self.pk}）"

    @property
    def label(self) -> str:
        return f"{self.name}{self.unit}"
