"""Which doors a grid answers for: an address (小区, 楼栋, 单元) finds its grid, and its 楼栋 or 户组 in the 五长 tree."""

from django.db import models

from grids.models.grid import Grid
from grids.models.territory import Territory


class Building(models.Model):
    estate = models.ForeignKey(Grid, models.PROTECT, related_name="buildings", verbose_name="小区")
    name = models.CharField("楼栋", max_length=30, help_text="例如 3幢")
    unit = models.CharField("单元", max_length=30, blank=True, help_text="一幢楼分属几个网格时填写")
    grid = models.ForeignKey(
        Grid,
        models.PROTECT,
        null=True,
        related_name="covered_buildings",
        verbose_name="所属网格",
        help_text="移出网格、还没有划入别的网格时为空",
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="buildings",
        verbose_name="五长片区",
        help_text="属于哪个楼栋或户组",
    )
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
        plain = ("id", "estate", "name", "unit", "grid", "territory", "latitude", "longitude", "households")

    def __str__(self) -> str:
        return f"{self.name}{self.unit}（{self.pk}）"

    @property
    def label(self) -> str:
        return f"{self.name}{self.unit}"

    @property
    def answering_grid(self) -> Grid:
        """The grid; while the door lies in none, its 小区."""
        return self.grid or self.estate
