"""The party tree. Exactly five levels, a child is always one level below its parent; a street is a root.

Read it from anywhere; write it only through grids/tree/services.py, which holds the tree's lock (django-mptt does not survive
concurrent writes)."""

from django.db import models
from mptt.fields import TreeForeignKey
from mptt.models import MPTTModel

from grids.models.querysets import GridManager


class Level(models.IntegerChoices):
    """Depth in the tree. A grid's depth is its level, so the tree itself keeps the order of levels."""

    STREET = 0, "街道党工委"
    COMMUNITY = 1, "社区大党委"
    ESTATE = 2, "小区党支部"
    GROUP = 3, "邻里党小组"
    HOUSEHOLD = 4, "党员中心户（网格）"

    @property
    def short(self) -> str:
        return ("街道", "社区", "小区", "党小组", "网格")[self.value]


class Grid(MPTTModel):
    parent = TreeForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    name = models.CharField("名称", max_length=60)
    code = models.CharField(
        "编码",
        max_length=15,
        blank=True,
        help_text="街道 9 位、社区 12 位为统计用区划代码；网格 15 位 = 社区代码 + 3 位顺序号",
    )
    duty_phone = models.CharField(
        "值班电话", max_length=20, blank=True, help_text="公开给居民的办公或值班电话，不填个人手机"
    )
    retired_at = models.DateTimeField("撤并时间", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="并入"
    )

    objects = GridManager()

    class Meta:
        verbose_name = "网格"
        verbose_name_plural = "网格"
        constraints = [
            models.CheckConstraint(condition=models.Q(level__lte=4), name="grid_five_levels"),
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code="") & models.Q(retired_at=None),
                name="grid_code_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=models.Q(retired_at=None),
                name="grid_name_once_in_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["tree_id", "lft"], name="grid_subtree"),
            # By its beginning: the next free code of a community.
            models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="grid_code_begins"),
        ]

    class PersonalData:
        personal = ()
        plain = (
            "id",
            "parent",
            "name",
            "code",
            "duty_phone",
            "retired_at",
            "successor",
            "lft",
            "rght",
            "tree_id",
            "level",
        )

    def __str__(self) -> str:
        return self.name

    @property
    def level_label(self) -> str:
        return Level(self.level).label

    def path_words(self) -> str:
        """ "熊山街道 宜和社区 宜和佳苑 第一党小组 3网格": one query."""
        return " ".join(node.name for node in self.get_ancestors(include_self=True))

    def covers(self, other: "Grid") -> bool:
        """Whether `other` is this node or lies below it. No query."""
        return bool(self.tree_id == other.tree_id and self.lft <= other.lft <= self.rght)
