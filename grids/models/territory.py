"""The second tree, of the 五长: who looks after a street, a building, a staircase. Not the party tree, but linked to it: a
片区 belongs to a community, a 邻里 to a 小区.

Read it from anywhere; write it only through grids/territory/tree.py, under the tree's lock."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from mptt.fields import TreeForeignKey
from mptt.models import MPTTModel

from grids.models.grid import Grid
from grids.models.querysets import GridManager, PostQuerySet
from grids.roles import spoken_title


class TerritoryLevel(models.IntegerChoices):
    """Depth in the tree, as with the party tree: a child is always one level below its parent, a 片区 is a root."""

    AREA = 0, "片区"
    LANE = 1, "街巷"
    NEIGHBOURHOOD = 2, "邻里"
    BLOCK = 3, "楼栋"
    HOUSEHOLDS = 4, "户组"

    @property
    def post_label(self) -> str:
        """ "楼栋长": who is in post at this level."""
        return f"{self.label}长"


class Territory(MPTTModel):
    parent = TreeForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    name = models.CharField("名称", max_length=60)
    grid = models.ForeignKey(
        Grid,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="territories",
        verbose_name="对应网格",
        help_text="片区对应挂钩社区，邻里对应小区",
    )
    duty_phone = models.CharField(
        "值班电话", max_length=20, blank=True, help_text="公开给居民的办公或值班电话，不填个人手机"
    )
    retired_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = GridManager()

    class Meta:
        verbose_name = "五长片区"
        verbose_name_plural = "五长片区"
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=4), name="territory_five_levels"),
            models.CheckConstraint(
                condition=Q(level=0, grid__isnull=False) | Q(level=2) | Q(level__in=(1, 3, 4), grid=None),
                name="territory_linked_at_its_levels",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(retired_at=None), name="territory_name_once_in_parent"
            ),
        ]
        indexes = [models.Index(fields=["tree_id", "lft"], name="territory_subtree")]

    class PersonalData:
        personal = ()
        plain = (
            "id", "parent", "name", "grid", "duty_phone", "retired_at", "lft", "rght", "tree_id", "level",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def level_label(self) -> str:
        return TerritoryLevel(self.level).label

    @property
    def post_label(self) -> str:
        return TerritoryLevel(self.level).post_label

    def path_words(self) -> str:
        """ "宜和第一片区 宜和巷 第一邻里 3幢 1单元": one query."""
        return " ".join(node.name for node in self.get_ancestors(include_self=True))


class TerritoryPost(models.Model):
    """One of the 五长, from–until: which of the five follows from the level of the node. They open no doors of the portal,
    so they are no posts of the party tree. Ended, never overwritten or deleted."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="territory_posts", verbose_name="任职人"
    )
    node = models.ForeignKey(Territory, models.PROTECT, related_name="posts", verbose_name="五长片区")
    from_at = models.DateTimeField("任职起")
    until_at = models.DateTimeField("任职止", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "五长任职"
        verbose_name_plural = "五长任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="territory_post_until_after_from"
            )
        ]
        indexes = [models.Index(fields=["node", "from_at"], name="territory_post_at_node")]

    class PersonalData:
        personal = ("person",)
        plain = ("id", "node", "from_at", "until_at")

    def __str__(self) -> str:
        return f"五长任职 {self.pk}"  # no name, as with a post of the party tree

    @property
    def title(self) -> str:
        """ "3幢楼栋长". Loads the node."""
        return spoken_title(self.node.name, self.node.post_label)

    @property
    def words(self) -> str:
        """ "3幢楼栋长 李某". Loads node and person."""
        return f"{self.title} {self.person.name}"
